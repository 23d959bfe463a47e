"""The locator: on which line of a mandate file each of its values stands."""

import tomllib

from tests.core.mandates import TEXT
from trustfund.core.mandate_lines import lines_of


def test_every_value_of_the_file_is_found_on_the_line_where_it_stands():
    lines, found = TEXT.splitlines(), lines_of(TEXT)

    def walk(value, path=()):
        if path:
            assert path in found
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[found[path] - 1]
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in inside:
            walk(inner, (*path, key))

    walk(tomllib.loads(TEXT))


def test_the_locator_reads_over_strings_comments_and_braces():
    text = '''\
a = """
[not.a.table]
x = 1 # "
""""  # [nor.this]
"b c" = 'it = [ {'
[[t]]
list = [ # a comment ] }
  1, { x = [], y = "}" },

  [2,
   3],
]
[t.u]
v.w = 5
[[t]]
x = 1
'''
    tomllib.loads(text)
    found = lines_of(text)
    assert {
        path: found[path]
        for path in [
            ("a",),
            ("b c",),
            ("t", 0, "list"),
            ("t", 0, "list", 1),
            ("t", 0, "list", 1, "y"),
            ("t", 0, "list", 2),
            ("t", 0, "list", 2, 1),
            ("t", 0, "u"),
            ("t", 0, "u", "v", "w"),
            ("t", 1),
            ("t", 1, "x"),
        ]
    } == {
        ("a",): 1,
        ("b c",): 5,
        ("t", 0, "list"): 7,
        ("t", 0, "list", 1): 8,
        ("t", 0, "list", 1, "y"): 8,
        ("t", 0, "list", 2): 10,
        ("t", 0, "list", 2, 1): 11,
        ("t", 0, "u"): 13,
        ("t", 0, "u", "v", "w"): 14,
        ("t", 1): 15,
        ("t", 1, "x"): 16,
    }
    assert ("not",) not in found
    assert ("nor",) not in found
