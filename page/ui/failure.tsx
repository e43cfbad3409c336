/** What went wrong, in a sentence, where the result would be. */
export function Failure({ error }: { readonly error: unknown }) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    <p class="failure" role="alert">
      {text}
    </p>
  );
}
