/** Returns an answer of the AWS Query protocol: the result of an operation as XML. */
export function queryAnswer(operation: string, result: string): string {
  return `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
}
