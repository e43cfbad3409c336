import { island, lookUrl } from "../app/island.ts";
import { imageTitle, shownCount } from "../ui/text.ts";

/** A search of the catalog. */
export function FindView() {
  const { found } = island;
  if (found === undefined) return <p class="text">Enter a place, a target or an identifier above.</p>;
  return (
    <section class="text">
      <h1>{shownCount(found.total)} images</h1>
      <ul>
        {found.results.map((image) => (
          <li key={image.obs_id}>
            <a href={lookUrl(image.obs_id)}>{imageTitle(image)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
