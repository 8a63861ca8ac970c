// JSON with exact integers. JSON.parse turns every number into a double, which loses the last digits of the int64 ids
// that Databricks sends. Here every integer literal becomes a BigInt; everything else is what JSON.parse makes of it.

// A string that starts with this mark is an integer in disguise. It is random, so no request can forge it.
const MARK = `int64:${Math.random()}:`;
const STRING_OR_NUMBER = /"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;

/** Throws a SyntaxError where JSON.parse does. */
export function parseLossless(text) {
  JSON.parse(text); // the syntax check: the rewriting below would repair some malformed numbers
  const marked = text.replace(STRING_OR_NUMBER, (token) => (INTEGER.test(token) ? `"${MARK}${token}"` : token));
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value);
}
