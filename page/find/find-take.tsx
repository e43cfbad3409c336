import { publicUrl, serviceUrl } from "../app/island.ts";
import { pythonText, shellWord } from "../ui/command-lines.ts";
import { TakeMenu } from "../ui/take-menu.tsx";
import type { SearchParameters } from "./search.ts";

/** The Take menu of a search: tables, and commands that repeat it. */
export function FindTake({ search }: { readonly search: SearchParameters }) {
  const table = (response: "csv" | "votable") => serviceUrl("query", { ...search, response, maxrec: 1000 });
  const json = publicUrl(serviceUrl("query", { ...search, maxrec: 1000 }));
  return (
    <TakeMenu
      links={[
        { text: "CSV", url: table("csv") },
        { text: "VOTable", url: table("votable") },
      ]}
      lines={[
        { name: "Link", text: publicUrl(location.href) },
        { name: "curl", text: `curl -s ${shellWord(json)}` },
        {
          name: "Python",
          text: `import requests\nimages = requests.get(${pythonText(json)}).json()["results"]`,
        },
      ]}
    />
  );
}
