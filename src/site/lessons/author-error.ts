/** A mistake in a lesson; the message says where, what was expected and what was there. */
export class AuthorError extends Error {
  override readonly name = 'AuthorError';
}
