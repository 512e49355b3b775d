"""Write posts that are the same on every machine: prose, headings, lists, a table, links and code.

A post has about 3 KB. Its number alone decides what stands in it: 1,000 begin as 100 do.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from textwrap import dedent

TAGS = (
    "accessibility", "animation", "caching", "colour", "database", "deploying", "design", "editing", "fonts",
    "forms", "images", "layout", "logging", "metrics", "networks", "privacy", "queues", "search", "security",
    "testing",
)  # fmt: skip
SECTIONS = ("posts", "notes")
NOTES_ONE_IN = 4
LISTED = 20  # posts on one page of a list
FED = 20  # posts in the feed
HOME = 10  # posts on the home page
FIRST_DAY = datetime.date(1990, 1, 1)
WORDS = (
    "a", "the", "one", "this", "that", "every", "some", "few", "many", "more", "what", "which", "where",
    "when", "who", "with", "from", "into", "over", "under", "between", "about", "page", "post", "list",
    "table", "code", "line", "word", "name", "value", "field", "form", "file", "folder", "build",
    "cache", "server", "reader", "writer", "team", "night", "morning", "week", "hour", "change", "edit",
    "draft", "release", "layout", "style", "colour", "picture", "letter", "margin", "column", "answer",
    "question", "reason", "figure", "measure", "test", "mistake", "limit", "promise", "window",
    "corner", "river", "garden", "paper", "shelf", "lamp", "story", "small", "large", "quick", "slow",
    "quiet", "plain", "warm", "bright", "steady", "careful", "simple", "honest", "early", "late",
    "whole", "empty", "open", "is", "was", "has", "had", "can", "may", "will", "should", "gives",
    "takes", "keeps", "makes", "shows", "reads", "writes", "holds", "finds", "moves", "waits", "asks",
)  # fmt: skip
CODE = {
    "python": """
        class {Name}({Other}):
            \"\"\"Hold {count} of them, and tell which.\"\"\"

            def {name}(self, {other}: int = {count}) -> list[str]:
                if {other} > {count}:
                    raise ValueError(f"{{{other}}} is more than {count}")
                return [str(each) for each in range({other}) if each % 2]
        """,
    "javascript": """
        export async function {name}({other}, {{ limit = {count} }} = {{}}) {{
            const response = await fetch(`/api/{name}/${{{other}.id}}`); // a reason
            const rows = (await response.json()).slice(0, limit);
            return rows.map((row) => ({{ ...row, {other}: row.{other} ?? "none" }}));
        }}
        """,
    "html": """
        <section class="{name}" aria-labelledby="{name}-{count}">
          <h2 id="{name}-{count}">{{{{ {other}.title }}}}</h2>
          {{% for each in {other}.all %}}<p data-count="{count}">{{{{ each }}}}</p>{{% endfor %}}
        </section>
        """,
    "css": """
        .{name} > .{other}:not([hidden])::before {{
            margin: {count}px auto 0.5rem; color: #26465{digit};
            grid-template-columns: repeat(auto-fill, minmax({count}ch, 1fr)); /* a reason */
        }}
        """,
    "sql": """
        SELECT {name}.id, count(*) AS {other}_count FROM {name}
        JOIN {other} ON {other}.{name}_id = {name}.id -- a reason
        WHERE {name}.created > '2026-01-0{digit}' GROUP BY {name}.id HAVING count(*) > {count};
        """,
    "bash": """
        set -eu
        for {name} in "$@"; do
            [ -f "${name}" ] || {{ echo "no {other}: ${name}" >&2; exit {digit}; }}  # a reason
            grep -c '{other}' "${name}" | awk '$1 > {count} {{ print $1 }}'
        done
        """,
}


@dataclass(frozen=True)
class Post:
    """One post, before any generator's own way of writing it down."""

    number: int
    section: str
    title: str
    description: str
    date: datetime.date
    tags: tuple[str, ...]
    body: str  # Markdown

    @property
    def slug(self) -> str:
        return f"post-{self.number:05}"

    @property
    def url(self) -> str:
        return f"/{self.section}/{self.slug}/"


def posts(count: int) -> list[Post]:
    """The first `count` posts, oldest first."""
    return [post(number) for number in range(count)]


def post(number: int) -> Post:
    random = Random(number)
    return Post(
        number=number,
        section=SECTIONS[1] if number % NOTES_ONE_IN == 0 else SECTIONS[0],
        title=f"{sentence(random, 4, 7).rstrip('.')} {number}",
        description=sentence(random, 12, 18),
        date=FIRST_DAY + datetime.timedelta(days=number),
        tags=tuple(sorted(random.sample(TAGS, 3))),
        body=body(random, number),
    )


def body(random: Random, number: int) -> str:
    languages = random.sample(sorted(CODE), 2)
    blocks: list[str] = [paragraph(random)]
    for language in languages:
        blocks += [heading(random), paragraph(random, linking_to=number), code(random, language)]
    blocks += [heading(random), paragraph(random), bullets(random), heading(random), table(random)]
    blocks += [paragraph(random), f"> {sentence(random, 8, 14)}", paragraph(random)]
    return "\n\n".join(blocks) + "\n"


def heading(random: Random) -> str:
    return f"## {sentence(random, 3, 6).rstrip('.')}"


def paragraph(random: Random, *, linking_to: int = 0) -> str:
    """Some sentences, with a word that is strong, one of code, and a link."""
    sentences = [sentence(random, 8, 16) for _ in range(3)]
    word, strong = random.sample(WORDS, 2)
    sentences.insert(
        1, f"A `{word}` is **{strong}**, as [{word}](https://example.org/{word}/{linking_to}) tells."
    )
    return " ".join(sentences)


def bullets(random: Random) -> str:
    return "\n".join(f"- {sentence(random, 4, 9)}" for _ in range(4))


def table(random: Random) -> str:
    rows = (
        f"| {random.choice(WORDS)} | *{random.choice(WORDS)}* | {random.randrange(1000)} |" for _ in range(4)
    )
    return "\n".join(["| name | kind | count |", "|---|---|--:|", *rows])


def code(random: Random, language: str) -> str:
    name, other = random.sample([word for word in WORDS if len(word) > 4], 2)
    words = {"name": name, "other": other, "Name": name.title(), "Other": other.title(),
             "count": random.randrange(10, 1000), "digit": random.randrange(1, 9)}  # fmt: skip
    return f"```{language}\n{dedent(CODE[language]).strip().format(**words)}\n```"


def sentence(random: Random, fewest: int, most: int) -> str:
    words = random.choices(WORDS, k=random.randint(fewest, most))
    return f"{' '.join(words).capitalize()}."


def list_pages(written: list[Post]) -> Iterator[str]:
    """The addresses of all lists: home, each section and each tag in pages of 20, and the list of tags."""
    yield "/"
    sizes = Counter(f"/{post.section}/" for post in written)
    sizes.update(f"/tags/{tag}/" for post in written for tag in post.tags)
    if written:
        yield "/tags/"
    for url, size in sizes.items():
        yield url
        yield from (f"{url}page/{number}/" for number in range(2, -(-size // LISTED) + 1))
