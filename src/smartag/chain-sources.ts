import { type CredentialsHost, readCredentialsFile } from './credentials-file.ts';
import { NoCredentialsError } from './key-pair.ts';
import { openCliProfile, openCredentialsFile, type Provider } from './profiles.ts';

/** One way of the chain to find credentials. */
interface ChainSource {
  readonly name: string;
  /**
   * @throws NoCredentialsError saying why this way gives nothing: it is not set up, or set up wrongly
   * @throws CredentialsOutageError when that cannot be told at the moment
   */
  readonly open: () => Promise<Provider>;
}

/** The ways of Alibaba Cloud's default chain, in its order. */
export function chainSources(host: CredentialsHost): readonly ChainSource[] {
  const { env } = host;
  const set = (name: string): string => {
    const value = env[name]?.trim();
    if (!value) throw new NoCredentialsError(`${name} is not set`);
    return value;
  };
  const isTrue = (name: string): boolean => env[name]?.trim().toLowerCase() === 'true';
  return [
    {
      name: 'environment',
      open: async () => ({
        getCredentials: async () => ({
          accessKeyId: set('ALIBABA_CLOUD_ACCESS_KEY_ID'),
          accessKeySecret: set('ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
          securityToken: env['ALIBABA_CLOUD_SECURITY_TOKEN'],
        }),
      }),
    },
    {
      name: 'OIDC role',
      async open() {
        const roleArn = set('ALIBABA_CLOUD_ROLE_ARN');
        const providerArn = set('ALIBABA_CLOUD_OIDC_PROVIDER_ARN');
        const tokenFile = set('ALIBABA_CLOUD_OIDC_TOKEN_FILE');
        // The provider reads the file again for each session; here it is only told why that fails.
        await readCredentialsFile(host, tokenFile, 'the file of ALIBABA_CLOUD_OIDC_TOKEN_FILE');
        const { OIDCRoleArnCredentialsProvider } = await sdk();
        return withTokenTrimmed(
          OIDCRoleArnCredentialsProvider.builder()
            .withRoleArn(roleArn)
            .withOIDCProviderArn(providerArn)
            .withOIDCTokenFilePath(tokenFile)
            .build(),
        );
      },
    },
    {
      name: 'CLI profile',
      async open() {
        if (isTrue('ALIBABA_CLOUD_CLI_PROFILE_DISABLED')) {
          throw new NoCredentialsError('switched off by ALIBABA_CLOUD_CLI_PROFILE_DISABLED');
        }
        return openCliProfile(host);
      },
    },
    { name: 'credentials file', open: () => openCredentialsFile(host) },
    {
      name: 'role of the ECS instance',
      async open() {
        if (isTrue('ALIBABA_CLOUD_ECS_METADATA_DISABLED')) {
          throw new NoCredentialsError('switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED');
        }
        const { ECSRAMRoleCredentialsProvider } = await sdk();
        return ECSRAMRoleCredentialsProvider.builder()
          .withRoleName(env['ALIBABA_CLOUD_ECS_METADATA']?.trim() ?? '')
          .build();
      },
    },
    {
      name: 'credentials URI',
      async open() {
        const uri = set('ALIBABA_CLOUD_CREDENTIALS_URI');
        if (!URL.canParse(uri)) {
          throw new NoCredentialsError('ALIBABA_CLOUD_CREDENTIALS_URI is no URL');
        }
        const { URICredentialsProvider } = await sdk();
        return URICredentialsProvider.builder().withCredentialsURI(uri).build();
      },
    },
  ];
}

/**
 * Has the provider send the token without what surrounds it in its file: a byte order mark, a line end.
 * STS would refuse it. The provider reads the file itself and gives no other way in.
 */
function withTokenTrimmed<Oidc extends object>(provider: Oidc): Oidc {
  const sender = provider as { doRequest(request: OidcRequest): Promise<unknown> };
  const doRequest = sender.doRequest.bind(provider);
  sender.doRequest = (request) => {
    request.bodyForm.OIDCToken = request.bodyForm.OIDCToken.trim();
    return doRequest(request);
  };
  return provider;
}

/** A request of the provider, as far as it concerns the token. */
interface OidcRequest {
  readonly bodyForm: { OIDCToken: string };
}

/** Loaded when it is needed: most accounts have a key in the configuration. */
const sdk = () => import('@alicloud/credentials');
