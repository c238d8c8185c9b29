import { Lexer, Parser } from "yaml";

/** Levels of maps and lists one in another; no honest file comes near. */
export const maxYamlDepth = 200;

/**
 * Whether a YAML text nests deeper than maxYamlDepth. To be asked before a text is parsed: the parser makes its nodes by
 * recursion, and V8 ends the whole process when a regular expression is compiled on the last of the stack. Lexer and
 * Parser keep their own stack, so this goes as deep as the text does.
 */
export function isYamlTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > maxYamlDepth) return true;
  }
  return false;
}
