import {
  isBinaryExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIfStatement,
  isNoSubstitutionTemplateLiteral,
  isNumericLiteral,
  isPrefixUnaryExpression,
  isStringLiteral,
  isTemplateExpression,
  isTypeNode,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';

/** A small change of a source file that a test should notice. */
export interface Mutation {
  readonly kind: string;
  /** The part of the source that is replaced; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** For each operator, what replaces it and what kind of mistake that is. */
const OPERATORS: ReadonlyMap<SyntaxKind, readonly (readonly [kind: string, operator: string])[]> =
  new Map([
    [
      SyntaxKind.LessThanToken,
      [
        ['boundary', '<='],
        ['comparison', '>='],
      ],
    ],
    [
      SyntaxKind.LessThanEqualsToken,
      [
        ['boundary', '<'],
        ['comparison', '>'],
      ],
    ],
    [
      SyntaxKind.GreaterThanToken,
      [
        ['boundary', '>='],
        ['comparison', '<='],
      ],
    ],
    [
      SyntaxKind.GreaterThanEqualsToken,
      [
        ['boundary', '>'],
        ['comparison', '<'],
      ],
    ],
    [SyntaxKind.EqualsEqualsEqualsToken, [['comparison', '!==']]],
    [SyntaxKind.ExclamationEqualsEqualsToken, [['comparison', '===']]],
    [SyntaxKind.AmpersandAmpersandToken, [['condition', '||']]],
    [SyntaxKind.BarBarToken, [['condition', '&&']]],
    [SyntaxKind.PlusToken, [['sign', '-']]],
    [SyntaxKind.MinusToken, [['sign', '+']]],
    [SyntaxKind.PlusEqualsToken, [['sign', '-=']]],
    [SyntaxKind.MinusEqualsToken, [['sign', '+=']]],
    [SyntaxKind.AsteriskToken, [['sign', '/']]],
    [SyntaxKind.SlashToken, [['sign', '*']]],
  ]);

const PREFIXES: ReadonlyMap<SyntaxKind, readonly [kind: string, replacement: string]> = new Map([
  [SyntaxKind.ExclamationToken, ['condition', '']],
  [SyntaxKind.MinusToken, ['sign', '']],
  [SyntaxKind.PlusPlusToken, ['sign', '--']],
  [SyntaxKind.MinusMinusToken, ['sign', '++']],
]);

const isText = (node: Node): boolean =>
  isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) || isTemplateExpression(node);

/** The mutations of one node, without those of the nodes below it. */
function* mutationsOf(node: Node, file: SourceFile): Generator<Mutation> {
  const replace = (part: Node, kind: string, replacement: string): Mutation => ({
    kind,
    start: part.getStart(file),
    end: part.end,
    replacement,
  });
  if (isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    // `-` between texts would only yield NaN, which says little about the tests.
    const joinsText = operatorToken.kind === SyntaxKind.PlusToken && [left, right].some(isText);
    for (const [kind, operator] of joinsText ? [] : (OPERATORS.get(operatorToken.kind) ?? [])) {
      yield replace(operatorToken, kind, operator);
    }
  } else if (isPrefixUnaryExpression(node)) {
    const [kind, replacement] = PREFIXES.get(node.operator) ?? [];
    if (kind === undefined || replacement === undefined) return;
    const start = node.getStart(file);
    yield { kind, start, end: node.operand.getStart(file), replacement };
  } else if (isNumericLiteral(node)) {
    const value = Number(node.text);
    yield replace(node, 'constant', `${value === 1 ? 0 : value + 1}`);
  } else if (node.kind === SyntaxKind.TrueKeyword) {
    yield replace(node, 'constant', 'false');
  } else if (node.kind === SyntaxKind.FalseKeyword) {
    yield replace(node, 'constant', 'true');
  } else if (isIfStatement(node)) {
    yield replace(node.expression, 'condition', 'true');
    yield replace(node.expression, 'condition', 'false');
  } else if (isConditionalExpression(node)) {
    yield replace(node.condition, 'condition', 'true');
    yield replace(node.condition, 'condition', 'false');
  } else if (isExpressionStatement(node)) {
    yield replace(node, 'removed statement', ';');
  }
}

/** Every mutation of a source file. Types are left alone: they do nothing when the program runs. */
export function* mutations(file: SourceFile): Generator<Mutation> {
  const visit = function* (node: Node): Generator<Mutation> {
    if (isTypeNode(node)) return;
    yield* mutationsOf(node, file);
    const children: Node[] = [];
    node.forEachChild((child) => {
      children.push(child);
    });
    for (const child of children) yield* visit(child);
  };
  yield* visit(file);
}

export function mutate(source: string, { start, end, replacement }: Mutation): string {
  return source.slice(0, start) + replacement + source.slice(end);
}
