"""XML without its dangers: no DOCTYPE (so no entities at all), bounded depth and count of elements."""

from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.geofences.formats.draft import FileRefused

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 300_000


class _BoundedTree(TreeBuilder):
    depth = count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise FileRefused("too_deep", f"The file nests elements more than {MAX_DEPTH} deep.", "Save only the shapes and try again.")
        if self.count > MAX_ELEMENTS:
            raise FileRefused("too_many", f"The file has more than {MAX_ELEMENTS} elements.", "Split it into several files.")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(data: bytes, root: str) -> Element:
    """The tree under the element `root`. Raises `FileRefused` when the bytes are not such a document, or are built to do harm."""
    parser = DefusedXMLParser(target=_BoundedTree(), forbid_dtd=True)
    try:
        parser.feed(data)
        tree: Element = parser.close()
    except DefusedXmlException:
        raise FileRefused("doctype", "The file has a DOCTYPE or entities, which are not read.", "Remove them and try again.") from None
    except (ParseError, ValueError, LookupError) as error:  # the last two: an encoding that expat does not know
        line = f" (line {error.position[0]})" if isinstance(error, ParseError) else ""
        raise FileRefused(
            "not_xml", f"The file is not well-formed XML{line}.", f"Save it as {root.upper()} in UTF-8 and try again."
        ) from None
    if local_name(tree) != root:
        raise FileRefused("wrong_content", f"The file is XML, but not {root.upper()}.", "Check the ending of its name.")
    return tree


def local_name(element: Element) -> str:
    """The element's name without its namespace: programs disagree about namespaces."""
    return element.tag.rpartition("}")[2]
