/** An error message in place of a result. */
export function Failure({ error }: { readonly error: unknown }) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    <p class="failure" role="alert">
      {text}
    </p>
  );
}
