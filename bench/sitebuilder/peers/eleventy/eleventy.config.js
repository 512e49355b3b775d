// The corpus as an Eleventy site: pages in 20 for sections and tags, highlighting and a feed by its own plugins.
import pluginRss from "@11ty/eleventy-plugin-rss";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";

const SIZE = 20;
const newestFirst = (a, b) => b.date - a.date || (a.url < b.url ? 1 : -1);

function paged(base, posts, extra) {
  const count = Math.max(1, Math.ceil(posts.length / SIZE));
  return Array.from({ length: count }, (_, index) => ({
    ...extra,
    posts: posts.slice(index * SIZE, (index + 1) * SIZE),
    number: index + 1,
    count,
    url: index ? `${base}page/${index + 1}/` : base,
    newer: index === 0 ? "" : index === 1 ? base : `${base}page/${index}/`,
    older: index + 1 < count ? `${base}page/${index + 2}/` : "",
  }));
}

export default function (config) {
  config.addPlugin(syntaxHighlight);
  config.addPlugin(pluginRss);
  config.addPassthroughCopy("static");

  const section = (api, name) => api.getFilteredByGlob(`./${name}/post-*.md`).sort(newestFirst);
  const all = (api) => api.getFilteredByGlob("./*/post-*.md").sort(newestFirst);
  for (const name of ["posts", "notes"]) {
    config.addCollection(name, (api) => {
      const posts = section(api, name);
      posts.forEach((post, place) => {
        post.data.newerPost = posts[place - 1];
        post.data.olderPost = posts[place + 1];
      });
      return posts;
    });
  }
  config.addCollection("newest", (api) => all(api).slice(0, SIZE));
  config.addCollection("sectionPages", (api) =>
    ["posts", "notes"].flatMap((name) => paged(`/${name}/`, section(api, name), { title: name })),
  );
  const byTag = (api) => {
    const found = new Map();
    for (const post of all(api)) {
      for (const tag of post.data.tags) found.has(tag) ? found.get(tag).push(post) : found.set(tag, [post]);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  };
  config.addCollection("tagCounts", (api) => byTag(api).map(([name, posts]) => ({ name, count: posts.length })));
  config.addCollection("tagPages", (api) =>
    byTag(api).flatMap(([name, posts]) => paged(`/tags/${name}/`, posts, { title: name })),
  );
  const months = "January February March April May June July August September October November December".split(" ");
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("longDay", (date) => `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  return { markdownTemplateEngine: false, dir: { includes: "_includes" } };
}
