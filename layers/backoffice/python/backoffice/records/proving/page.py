"""The package's index as one page that opens from a disk, in light and dark, and sorts."""

import html
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1b2733;--dim:#5b6b7a;--line:#d9e0e6;--paper:#fff;
--band:#f4f7f9;--mark:#0b6b4f}
@media(prefers-color-scheme:dark){:root{--ink:#e4eaf0;--dim:#94a3b1;--line:#2c3945;--paper:#131a21;
--band:#1a232c;--mark:#5fd0a8}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:17px;margin:32px 0 8px}p{margin:0 0 8px}
.dim{color:var(--dim)}code{font:13px ui-monospace,monospace;background:var(--band);padding:2px 5px;
border-radius:4px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
th{font-weight:600;color:var(--dim)}th button{all:unset;cursor:pointer}th button:focus-visible{
outline:2px solid var(--mark)}
td.n,th.n{text-align:right}tbody tr:hover{background:var(--band)}a{color:var(--mark)}
td.key{max-width:420px;overflow:hidden;text-overflow:ellipsis}
input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);
border-radius:6px;padding:6px 10px;width:320px;max-width:100%;margin:4px 0 12px}
"""
_SCRIPT: Final = """
const body=document.querySelector('#records tbody');
document.querySelectorAll('#records th button').forEach((b,at)=>b.addEventListener('click',()=>{
const down=b.dataset.down!=='1';b.dataset.down=down?'1':'';
const value=r=>r.cells[at].dataset.v??r.cells[at].textContent;
[...body.rows].sort((x,y)=>value(x).localeCompare(value(y),'en',{numeric:true})*(down?1:-1))
.forEach(r=>body.append(r))}));
document.querySelector('#find').addEventListener('input',e=>{const t=e.target.value.toLowerCase();
for(const r of body.rows)r.hidden=!r.textContent.toLowerCase().includes(t)});
"""
_HEADS: Final = ("Day", "Class", "Record", "Bytes", "Readable", "Proof")


def page(listed: Sequence[dict[str, str]], since: date, until: date, account: str | None) -> bytes:
    """Write the page of the records listed, as `index.csv` lists them."""
    days, classes = (sorted({one[name] for one in listed}) for name in ("day", "class"))
    counts = Counter((one["day"], one["class"]) for one in listed)
    whose = f" · account {html.escape(account)}" if account else ""
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Records {since} to {until}</title><style>{_STYLE}</style>
<main><h1>Records {since} to {until}{whose}</h1>
<p class="dim">{len(listed)} records, {len(days)} days. Each lies in the package byte for byte, with
a proof that it was sealed on its day and not changed since.</p>
<p>Check them all, in the unpacked folder: <code>python verify_records.py .</code></p>
<h2>By class and day</h2><div class="wide"><table><thead><tr><th>Class</th>
{"".join(f'<th class="n">{day}</th>' for day in days)}</tr></thead><tbody>
{"".join(_counted(name, days, counts) for name in classes)}</tbody></table></div>
<h2>Records</h2><input id="find" type="search" placeholder="Find by any word" aria-label="Find">
<div class="wide"><table id="records"><thead><tr>
{"".join(f"<th><button>{head}</button></th>" for head in _HEADS)}</tr></thead><tbody>
{"".join(map(_listed, listed))}</tbody></table></div></main><script>{_SCRIPT}</script></html>
""".encode()


def _counted(name: str, days: Sequence[str], counts: Counter[tuple[str, str]]) -> str:
    cells = "".join(f'<td class="n">{counts[day, name] or ""}</td>' for day in days)
    return f"<tr><td>{html.escape(name)}</td>{cells}</tr>\n"


def _listed(one: dict[str, str]) -> str:
    key, size = html.escape(one["key"]), int(one["bytes"] or 0)
    link = f'<a href="{quote("objects/" + one["key"])}">{key}</a>'
    # what was disposed of is proven by its hash alone
    shown = link if one["bytes"] else f"{key} (disposed of)"
    read = f'<a href="{quote(one["readable"])}">CSV</a>' if one["readable"] else ""
    return (
        f"<tr><td>{one['day']}</td><td>{html.escape(one['class'])}</td>"
        f'<td class="key" title="{key}">{shown}</td>'
        f'<td class="n" data-v="{size}">{size:,}</td><td>{read}</td>'
        f'<td><a href="{quote(one["proof"])}" title="SHA-256 {one["sha256"]}">enclosed</a></td>'
        "</tr>\n"
    )
