import ts from 'typescript';
import { Failure } from '../failure.mjs';

/**
 * Adds import statements behind the last one, and an element at the end of one array of a source; fails when that array
 * cannot be found for certain.
 * @param {string} path for messages
 * @param {string} text
 * @param {{ imports: string[], array: string, element: string }} change `array` is the name of the variable or property
 *   that holds it
 */
export function extend(path, text, { imports, array, element }) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = arraysNamed(source, array);
  if (found.length !== 1)
    throw new Failure(
      `${path} has ${found.length === 0 ? 'no list' : `${found.length} lists`} ${array}, so the domain cannot be registered there.`,
      `Keep one array literal ${array} in that file; the generator adds ${element} to it.`,
    );
  const [list] = found;
  const last = list.elements.at(-1);
  const lastImport = source.statements.findLast(ts.isImportDeclaration);
  const at = last ? last.getEnd() : list.getStart() + 1;
  const withElement = `${text.slice(0, at)}${last ? ', ' : ''}${element}${text.slice(at)}`;
  const head = lastImport ? lastImport.getEnd() : 0;
  return `${withElement.slice(0, head)}\n${imports.join('\n')}${withElement.slice(head)}`;
}
/**
 * Array literals that are the value of a variable or property of this name, or an argument of the call that is.
 * @param {ts.SourceFile} source
 * @param {string} name
 */
function arraysNamed(source, name) {
  /** @type {ts.ArrayLiteralExpression[]} */
  const found = [];
  const look = (/** @type {ts.Node} */ node) => {
    if ((ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText() === name) {
      /** @type {ts.Expression | undefined} */
      let value = node.initializer;
      while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression;
      if (value && ts.isCallExpression(value)) value = value.arguments[0];
      if (value && ts.isArrayLiteralExpression(value)) found.push(value);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}
