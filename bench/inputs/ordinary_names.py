"""Ordinary names, English and Icelandic, of persons and companies: common parts put together."""

import csv
from pathlib import Path
from random import Random
from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


GIVEN: Final = _listed("""
    James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, William,
    Barbara, Richard, Susan, Joseph, Jessica, Thomas, Sarah, Christopher, Karen, Charles, Lisa,
    Daniel, Nancy, Matthew, Betty, Anthony, Margaret, Mark, Sandra, Donald, Ashley, Steven,
    Kimberly, Paul, Emily, Andrew, Donna, Joshua, Michelle, Kenneth, Carol, Kevin, Amanda,
    Brian, Melissa, George, Deborah, Timothy, Stephanie, Ronald, Rebecca, Jason, Sharon, Edward,
    Laura, Jeffrey, Cynthia, Ryan, Dorothy, Jacob, Amy, Gary, Kathleen, Nicholas, Angela, Eric,
    Shirley, Jonathan, Emma, Stephen, Brenda, Larry, Pamela, Justin, Nicole, Scott, Anna,
    Brandon, Samantha, Benjamin, Katherine, Samuel, Christine, Gregory, Helen, Frank, Debra,
    Alexander, Rachel, Raymond, Carolyn, Patrick, Janet, Jack, Maria, Dennis, Catherine, Jerry,
    Heather
""")
SURNAMES: Final = _listed("""
    Smith, Johnson, Williams, Brown, Jones, Davis, Miller, Wilson, Anderson, Thomas, Taylor,
    Moore, Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis, Robinson, Walker, Young,
    Allen, King, Wright, Scott, Hill, Green, Adams, Nelson, Baker, Hall, Campbell, Mitchell,
    Carter, Roberts, Phillips, Evans, Turner, Parker, Collins, Edwards, Stewart, Morris, Murphy,
    Cook, Rogers, Morgan, Peterson, Cooper, Reed, Bailey, Bell, Kelly, Howard, Ward, Cox,
    Richardson, Wood, Watson, Brooks, Bennett, Gray, Hughes, Price, Myers, Long, Foster,
    Sanders, Ross, Powell, Sullivan, Russell, Ortiz, Jenkins, Perry, Butler, Barnes, Fisher,
    Henderson, Coleman, Simmons, Patterson, Jordan, Reynolds, Hamilton, Graham, Wallace, Cole,
    West, Hayes, Gibson, Bryant, Ellis, Stevens, Murray, Ford, Marshall, Owens, McDonald,
    Harrison, Kennedy, Wells, Woods, Burns, Henry, Shaw, Holmes, Rice, Robertson, Hunt, Black,
    Palmer, Mills, Nichols, Grant, Knight, Ferguson, Stone, Hawkins, Dunn, Perkins, Hudson,
    Spencer, Gardner, Payne, Pierce, Berry, Matthews, Arnold, Wagner, Willis, Ray, Watkins,
    Olson, Carroll, Duncan, Snyder, Hart, Cunningham
""")
NAFN: Final = _listed("""
    Jón, Guðrún, Sigurður, Anna, Guðmundur, Kristín, Gunnar, Margrét, Ólafur, Sigríður, Einar,
    Helga, Kristján, Sigrún, Magnús, Ingibjörg, Stefán, Jóhanna, Jóhann, María, Björn, Elín,
    Árni, Katrín, Bjarni, Ásta, Helgi, Ragnheiður, Halldór, Hildur, Arnar, Ólöf, Kristinn,
    Lilja, Ragnar, Guðbjörg, Gísli, Elísabet, Þorsteinn, Erla, Pétur, Hulda, Guðjón, Eva, Davíð,
    Steinunn, Páll, Þórunn, Sveinn, Berglind, Daníel, Inga, Snorri, Ragna, Haukur, Auður,
    Birgir, Þóra, Baldur, Unnur, Eiríkur, Bryndís, Ingvar, Sólveig, Hörður, Dagný, Hjalti,
    Rakel, Ívar, Hrafnhildur, Jakob, Valgerður, Freyr, Svanhildur, Örn, Þórdís, Atli, Álfheiður,
    Finnur, Hanna, Kári, Hrefna, Þór, Edda, Ægir, Rósa, Trausti, Björk
""")
FATHERS: Final = _listed("""
    Jóns, Guðmunds, Sigurðar, Gunnars, Ólafs, Einars, Kristjáns, Magnúsar, Stefáns, Jóhanns,
    Björns, Árna, Bjarna, Helga, Halldórs, Arnars, Kristins, Ragnars, Gísla, Þorsteins, Péturs,
    Guðjóns, Davíðs, Páls, Sveins, Daníels, Snorra, Hauks, Birgis, Baldurs, Eiríks, Ingvars,
    Harðar, Hjalta, Ívars, Jakobs, Arnar, Atla, Finns, Kára, Þórs, Ægis, Trausta, Friðriks,
    Hannesar, Karls, Róberts, Tómasar
""")
ENGLISH_WORDS: Final = _listed("""
    Northern, Riverside, Summit, Pioneer, Evergreen, Blue, Silver, Golden, Atlantic, Pacific,
    Highland, Lakeside, Granite, Maple, Cedar, Oak, Harbor, Valley, Coastal, Liberty, Heritage,
    Crown, Royal, Sterling, Beacon, Horizon, Falcon, Eagle, Phoenix, Delta, Alpha, Omega, Apex,
    Prime, Metro, Central, National, United, General, First, Global, Universal, Continental,
    Advanced, Modern, Classic, Star, Sun, Diamond, Crystal, Emerald
""")
ENGLISH_TRADES: Final = _listed("""
    Trading, Capital Partners, Holdings, Engineering, Consulting, Energy, Foods, Logistics,
    Shipping, Investments, Bank, Insurance, Construction, Technologies, Software, Motors,
    Textiles, Pharmaceuticals, Media, Real Estate, Import Export, International, Industries,
    Services, Mining, Oil and Gas, Airlines, Travel, Security, Medical Supply
""")
ENGLISH_FORMS: Final = (
    "Ltd",
    "Limited",
    "LLC",
    "Inc.",
    "PLC",
    "Corp.",
    "Company",
    "Group",
    "& Co.",
)
ICELANDIC_WORDS: Final = _listed("""
    Norður, Suður, Austur, Vestur, Haf, Fjall, Ís, Eld, Foss, Vatns, Strand, Sól, Stein, Gull,
    Silfur, Berg, Bláa, Hvíta, Græna, Jökul, Hraun, Dal, Eyja, Borgar, Heiðar, Lax, Þorsk, Ull,
    Korn, Hval
""")
ICELANDIC_TRADES: Final = _listed("""
    fiskur, verslun, byggingar, flutningar, vélar, útgerð, bakarí, prent, tækni, ráðgjöf,
    fasteignir, ferðir, orka, sjóður, banki, tryggingar, lagnir, málmur, matvæli, skip, smiðja,
    hús, veitur, lausnir, gisting, verk
""")
ICELANDIC_FORMS: Final = ("ehf.", "hf.", "slf.", "ses.", "sf.", "ohf.")
SP500: Final = Path("instruments") / "sp500.csv"


def ordinary_names(count: int, seed: int, data: Path) -> list[tuple[str, str]]:
    """Return distinct names with their kind, every name of the S&P 500 among them.

    Parameters
    ----------
    data : Path
        The folder of shared data.
    """
    chance = Random(seed)  # noqa: S311 - no secret
    with (data / SP500).open(encoding="utf-8", newline="") as file:
        names = dict.fromkeys((row["Security"], "ENTITY") for row in csv.DictReader(file))
    makers = (_english, _icelandic, _english_company, _icelandic_company)
    shares = (35, 30, 20, 15)
    while len(names) < count:
        names[chance.choices(makers, shares)[0](chance)] = None
    return list(names)[:count]


def _english(chance: Random) -> tuple[str, str]:
    given, surname = chance.choice(GIVEN), chance.choice(SURNAMES)
    middle = chance.choice(["", "", "", f" {chance.choice(GIVEN)[0]}.", f" {chance.choice(GIVEN)}"])
    return f"{given}{middle} {surname}", "PERSON"


def _icelandic(chance: Random) -> tuple[str, str]:
    middle = chance.choice(["", "", f" {chance.choice(NAFN)}"])
    ending = chance.choice(["son", "dóttir"])
    return f"{chance.choice(NAFN)}{middle} {chance.choice(FATHERS)}{ending}", "PERSON"


def _english_company(chance: Random) -> tuple[str, str]:
    first = chance.choice([chance.choice(ENGLISH_WORDS), chance.choice(SURNAMES)])
    second = chance.choice(
        ["", f" {chance.choice(ENGLISH_WORDS)}", f" & {chance.choice(SURNAMES)}"]
    )
    trade, form = chance.choice(ENGLISH_TRADES), chance.choice(ENGLISH_FORMS)
    return f"{first}{second} {trade} {form}", "ENTITY"


def _icelandic_company(chance: Random) -> tuple[str, str]:
    word, trade = chance.choice(ICELANDIC_WORDS), chance.choice(ICELANDIC_TRADES)
    form = chance.choice(ICELANDIC_FORMS)
    owner = f"{chance.choice(FATHERS)}son "
    return f"{chance.choice(['', '', owner])}{word}{trade} {form}", "ENTITY"
