import type { Node, SourceFile } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';

const ROOT = '/project';

/**
 * Parses TypeScript sources, given by their paths. Imports are not followed and types not checked.
 * TypeScript 7 offers its parser only under the name `unstable`, so an upgrade may break this file.
 */
export function parseTypeScript(
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<string, SourceFile> {
  const files = Object.fromEntries([...sources].map(([path, text]) => [`${ROOT}/${path}`, text]));
  const configFile = `${ROOT}/tsconfig.json`;
  const config = {
    compilerOptions: { noLib: true, noResolve: true, types: [] },
    files: Object.keys(files),
  };
  const api = new API({
    cwd: ROOT,
    fs: createVirtualFileSystem({ ...files, [configFile]: JSON.stringify(config) }),
  });
  try {
    const project = api.updateSnapshot({ openProject: configFile }).getProject(configFile);
    return new Map(
      [...sources.keys()].map((path) => {
        const file = project?.program.getSourceFile(`${ROOT}/${path}`);
        if (!file) throw new Error(`TypeScript did not parse ${path}`);
        return [path, file];
      }),
    );
  } finally {
    api.close();
  }
}

/** A node and everything below it, from left to right. */
export function* withDescendants(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* withDescendants(child);
}
