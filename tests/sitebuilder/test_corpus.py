"""The posts that generators are measured by are the same on every machine, and of the size that is told."""

from hashlib import sha256

from bench.sitebuilder.corpus import CODE, LISTED, TAGS, list_pages, post, posts

FIRST_HUNDRED = "01b9522c7c30c3f2f28f1f1fcda5c95736202d5b1ebfe18c25227f71f147b428"


def test_the_corpus_is_the_same_on_every_machine() -> None:
    """A figure of another day compares only if the same posts were built."""
    assert sha256(repr(posts(100)).encode()).hexdigest() == FIRST_HUNDRED


def test_a_larger_corpus_begins_as_a_smaller_one_does() -> None:
    assert posts(50)[:20] == posts(20)


def test_posts_have_about_three_kilobytes_with_code_tables_and_links() -> None:
    bodies = [post.body for post in posts(100)]

    assert 2500 < sum(map(len, bodies)) / 100 < 3500
    assert all("```" in body and "|---|" in body and "](https://" in body for body in bodies)
    assert all(f"```{language}\n" in "".join(bodies) for language in CODE)


def test_every_tag_is_used_and_every_list_has_all_its_pages() -> None:
    written = posts(100)
    with_first_tag = sum(TAGS[0] in each.tags for each in written)
    pages = [url for url in list_pages(written) if url.startswith(f"/tags/{TAGS[0]}/")]

    assert {tag for each in written for tag in each.tags} == set(TAGS)
    assert len(pages) == -(-with_first_tag // LISTED)


def test_two_posts_differ() -> None:
    assert post(1) != post(2)
