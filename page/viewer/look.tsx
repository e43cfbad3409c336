import { imageUrl, island } from "../app/island.ts";
import { imageTitle } from "../ui/text.ts";

/** One whole image. */
export function LookView() {
  const { image } = island;
  if (image === undefined) throw new Error("the page has no image");
  return (
    <section class="look">
      <h1>{imageTitle(image)}</h1>
      <img
        class="first"
        src={imageUrl(image.obs_id, { format: "jpeg", quick: true, width: 640 })}
        alt={image.obs_id}
      />
    </section>
  );
}
