from ._following import (
    AttributeTable as AttributeTable,
)
from ._following import (
    attribute_rows as attribute_rows,
)
from ._following import (
    format_rows as format_rows,
)
from ._following import (
    write_rows as write_rows,
)
from ._recipe import (
    Figure as Figure,
)
from ._recipe import (
    Row as Row,
)
from ._recipe import (
    draw_figure as draw_figure,
)
from ._recipe import (
    find_entry as find_entry,
)
from ._recipe import (
    reproduce_row as reproduce_row,
)
