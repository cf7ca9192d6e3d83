import { type CredentialsHost, readCredentialsFile } from './credentials-file.ts';
import { NoCredentialsError } from './key-pair.ts';
import { openCliProfile, openCredentialsFile, type Provider } from './profiles.ts';

interface ChainSource {
  readonly name: string;
  /**
   * @throws NoCredentialsError when the source has no credentials, with the reason
   * @throws CredentialsOutageError when the source cannot be read at the moment
   */
  readonly open: () => Promise<Provider>;
}

/** The sources of Alibaba Cloud's default chain, in its order. */
export function chainSources(host: CredentialsHost): readonly ChainSource[] {
  const { env } = host;
  const required = (name: string): string => {
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
          accessKeyId: required('ALIBABA_CLOUD_ACCESS_KEY_ID'),
          accessKeySecret: required('ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
          securityToken: env['ALIBABA_CLOUD_SECURITY_TOKEN'],
        }),
      }),
    },
    {
      name: 'OIDC role',
      async open() {
        const roleArn = required('ALIBABA_CLOUD_ROLE_ARN');
        const providerArn = required('ALIBABA_CLOUD_OIDC_PROVIDER_ARN');
        const tokenFile = required('ALIBABA_CLOUD_OIDC_TOKEN_FILE');
        // The provider reads the file itself for each session. This read only finds out why the provider may
        // fail.
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
        const uri = required('ALIBABA_CLOUD_CREDENTIALS_URI');
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
 * Makes the provider send its token without the byte order mark and line end of the file, which STS would
 * refuse. The provider reads the file itself, so this function wraps the method that sends requests.
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

/** The part of a provider's request that holds the token. */
interface OidcRequest {
  readonly bodyForm: { OIDCToken: string };
}

/** Loaded only when needed, because most accounts have a key in the configuration. */
const sdk = () => import('@alicloud/credentials');
