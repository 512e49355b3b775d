"""Refuse a block that no template shows: Django leaves out what overrides a block that is not there.

What a template extends may be a variable, so that it is known only as a page is rendered; a chain of
templates is looked at the first time that it is met.
"""

from collections.abc import Iterator
from typing import cast

from django.template import Context, Template
from django.template.base import Node, NodeList
from django.template.loader_tags import BlockNode, ExtendsNode

from sitebuilder.errors import SiteError, wrong
from sitebuilder.guesses import meant

CHAIN = "sitebuilder_chain"  # the key of what has extended so far, in what Django keeps of a rendering


class CheckedExtends(ExtendsNode):
    """`{% extends %}`."""

    sound: set[
        tuple[Node | Template, ...]
    ]  # the chains that begin here and were found well, with their roots

    def get_parent(self, context: Context) -> Template:
        parent: Template = super().get_parent(context)
        before: tuple[CheckedExtends, ...] = context.render_context.get(CHAIN) or ()
        chain = (*before, self)
        context.render_context[CHAIN] = chain
        if not extends(parent) and (*chain, parent) not in chain[0].sound:
            check_chain(chain, parent)
            chain[0].sound.add((*chain, parent))
        return parent


def check_blocks(template: Template) -> None:
    """Let a template check its blocks as it is rendered: a parser makes nodes of Django's class only."""
    for node in template.nodelist.get_nodes_by_type(ExtendsNode):
        node.__class__ = CheckedExtends
        cast(CheckedExtends, node).sound = set()


def extends(template: Template) -> bool:
    return bool(template.nodelist.get_nodes_by_type(ExtendsNode))


def check_chain(chain: tuple[CheckedExtends, ...], root: Template) -> None:
    """Raise SiteError for a block of a template that none of those has which it extends."""
    known = {cast(BlockNode, block).name for block in root.nodelist.get_nodes_by_type(BlockNode)}
    name = root.name or ""
    for node in reversed(chain):
        for block in overriding(node.nodelist):
            if block.name not in known:
                raise stray(block, name, known)
        known |= node.blocks.keys()
        name = str(node.origin.template_name or "")


def overriding(nodes: NodeList) -> Iterator[BlockNode]:
    """The blocks that stand in none: one inside of another is shown where that is."""
    for node in nodes:
        if isinstance(node, BlockNode):
            yield node
        else:
            for name in node.child_nodelists:
                yield from overriding(getattr(node, name, None) or NodeList())


def stray(block: BlockNode, parent: str, known: set[str]) -> SiteError:
    """What is wrong with a block, where it stands: Django asks the node for its line."""
    right = f"one of {', '.join(sorted(known))}" if known else "a template that has blocks"
    error = wrong(
        f"{{% block {block.name} %}} is no block of {parent}", right=meant(block.name, known, right)
    )
    error._culprit_node = block  # type: ignore[attr-defined]
    return error
