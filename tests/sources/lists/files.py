"""Small files in the layouts in which publishers give their lists out; what they say is public and was so printed.

The entries of OFAC are those of its consolidated list of December 2025; the names of Section 1260H, UFLPA and the
Covered List are those of the lists of 2021 to 2026.
"""
# ruff: noqa: E501 - lines are as long as publishers make them

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.reference.datasets import load_dataset
from esgscan.sources.lists.asked import GivenFile

if TYPE_CHECKING:
    from datetime import date

COUNTRIES = dict(load_dataset("markets").filter(column="country").select("word", "country").rows())


def given(content: str | bytes, name: str = "list", *, published: date | None = None, licence: str = "") -> GivenFile:
    """Give a file as the user or a publisher would."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    return GivenFile(name=name, content=data, published_on=published, licence=licence, countries=COUNTRIES)


REMARKS = (
    "Equity Ticker 002415 CN; Issuer Name Hangzhou Hikvision Digital Technology; ISIN CNE100000PM8; Target Type Public "
    "Company; Effective Date (CMIC) 02 Aug 2021; Purchase/Sales For Divestment Date (CMIC) 03 Jun 2022; Listing Date "
    "(CMIC) 03 Jun 2021; Unified Social Credit Code (USCC) 91330000733796106P (China)."
)
CONS_PRIM = f"""\
30946,"HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.",-0- ,"CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{REMARKS}"
30936,"CHINA ELECTRONICS TECHNOLOGY GROUP CORPORATION",-0- ,"CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Target Type \
State-Owned Enterprise; Effective Date (CMIC) 02 Aug 2021; Purchase/Sales For Divestment Date (CMIC) 03 Jun 2022; Listing \
Date (CMIC) 03 Jun 2021; Unified Social Credit Code (USCC) 91110000710929498G (China); a.k.a. 'CETC'."
9639,"HANIYA, Ismail Abdul Salah","individual","NS-PLC",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1963."
18820,"VERTOLETY ROSSII AO",-0- ,"UKRAINE-EO13662] [RUSSIA-EO14024",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID No. 7731559044 \
(Russia)."
"""
CONS_ADD = '30946,49000,"No. 555 Qianmo Road, Binjiang District","Hangzhou, Zhejiang 310052","China",-0- \n'
CONS_ALT = (
    '30946,50480,"aka","HIKVISION DIGITAL TECHNOLOGY CO., LTD.",-0- \n18820,29702,"fka","RUSSIAN HELICOPTERS",-0- \n'
)

CLASSIC = """\
<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{namespace}">
  <publshInformation><Publish_Date>12/19/2025</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>
  <sdnEntry>
    <uid>30946</uid><lastName>HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.</lastName><sdnType>Entity</sdnType>
    <programList><program>CMIC-EO13959</program></programList>
    <idList>
      <id><uid>1</uid><idType>Unified Social Credit Code (USCC)</idType><idNumber>91330000733796106P</idNumber>
        <idCountry>China</idCountry></id>
      <id><uid>2</uid><idType>Equity Ticker</idType><idNumber>002415 CN</idNumber></id>
      <id><uid>3</uid><idType>Issuer Name</idType><idNumber>Hangzhou Hikvision Digital Technology</idNumber></id>
      <id><uid>4</uid><idType>ISIN</idType><idNumber>CNE100000PM8</idNumber></id>
      <id><uid>5</uid><idType>Target Type</idType><idNumber>Public Company</idNumber></id>
      <id><uid>6</uid><idType>Listing Date (CMIC)</idType><idNumber>03 Jun 2021</idNumber></id>
      <id><uid>7</uid><idType>Effective Date (CMIC)</idType><idNumber>02 Aug 2021</idNumber></id>
      <id><uid>8</uid><idType>Purchase/Sales For Divestment Date (CMIC)</idType><idNumber>03 Jun 2022</idNumber></id>
    </idList>
    <akaList><aka><uid>9</uid><type>a.k.a.</type><category>weak</category><lastName>HIK</lastName></aka></akaList>
    <addressList><address><uid>10</uid><city>Hangzhou</city><country>China</country></address></addressList>
  </sdnEntry>
  <sdnEntry>
    <uid>9639</uid><firstName>Ismail</firstName><lastName>HANIYA</lastName><sdnType>Individual</sdnType>
    <programList><program>NS-PLC</program></programList>
  </sdnEntry>
</sdnList>
"""
ADVANCED = """\
<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="{namespace}" Version="3">
  <DateOfIssue CalendarTypeID="1"><Year>2025</Year><Month>12</Month><Day>19</Day></DateOfIssue>
  <ReferenceValueSets>
    <AliasTypeValues><AliasType ID="1403">Name</AliasType><AliasType ID="1400">A.K.A.</AliasType></AliasTypeValues>
    <CountryValues><Country ID="11082" ISO2="CN">China</Country></CountryValues>
    <DetailReferenceValues><DetailReference ID="92055">Public Company</DetailReference></DetailReferenceValues>
    <FeatureTypeValues>
      <FeatureType ID="25">Location</FeatureType><FeatureType ID="905">Equity Ticker</FeatureType>
      <FeatureType ID="907">Issuer Name</FeatureType><FeatureType ID="909">ISIN</FeatureType>
      <FeatureType ID="911">Target Type</FeatureType><FeatureType ID="913">Listing Date (CMIC)</FeatureType>
      <FeatureType ID="915">Effective Date (CMIC)</FeatureType>
      <FeatureType ID="917">Purchase/Sales For Divestment Date (CMIC)</FeatureType>
    </FeatureTypeValues>
    <IDRegDocTypeValues><IDRegDocType ID="1711">Unified Social Credit Code (USCC)</IDRegDocType></IDRegDocTypeValues>
    <ListValues><List ID="92052">NS-CMIC List</List><List ID="91507">NS-PLC List</List></ListValues>
    <PartySubTypeValues>
      <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType>
    </PartySubTypeValues>
    <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType></PartyTypeValues>
    <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
  </ReferenceValueSets>
  <Locations><Location ID="7"><LocationCountry CountryID="11082" CountryRelevanceID="1413" /></Location></Locations>
  <IDRegDocuments>
    <IDRegDocument ID="1" IDRegDocTypeID="1711" IdentityID="21040" IssuedBy-CountryID="11082">
      <IDRegistrationNo>91330000733796106P</IDRegistrationNo></IDRegDocument>
  </IDRegDocuments>
  <DistinctParties>
    <DistinctParty FixedRef="30946"><Profile ID="30946" PartySubTypeID="3">
      <Identity ID="21040" FixedRef="30946" Primary="true">
        <Alias FixedRef="30946" AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="1"><DocumentedNamePart>
          <NamePartValue ScriptID="215">HIK</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
        <Alias FixedRef="30946" AliasTypeID="1403" Primary="true" LowQuality="false">
          <DocumentedName ID="2"><DocumentedNamePart>
            <NamePartValue ScriptID="220">杭州海康威视数字技术股份有限公司</NamePartValue></DocumentedNamePart></DocumentedName>
          <DocumentedName ID="3"><DocumentedNamePart><NamePartValue ScriptID="215">HANGZHOU HIKVISION DIGITAL TECHNOLOGY \
CO., LTD.</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
      </Identity>
      <Feature ID="1" FeatureTypeID="25"><FeatureVersion ID="1"><VersionLocation LocationID="7" /></FeatureVersion></Feature>
      <Feature ID="2" FeatureTypeID="905"><FeatureVersion ID="2"><VersionDetail DetailTypeID="1432">002415 CN</VersionDetail>
      </FeatureVersion></Feature>
      <Feature ID="3" FeatureTypeID="907"><FeatureVersion ID="3"><VersionDetail DetailTypeID="1432">Hangzhou Hikvision \
Digital Technology</VersionDetail></FeatureVersion></Feature>
      <Feature ID="4" FeatureTypeID="909"><FeatureVersion ID="4"><VersionDetail DetailTypeID="1432">CNE100000PM8\
</VersionDetail></FeatureVersion></Feature>
      <Feature ID="5" FeatureTypeID="911"><FeatureVersion ID="5">
        <VersionDetail DetailTypeID="1431" DetailReferenceID="92055" /></FeatureVersion></Feature>
      <Feature ID="6" FeatureTypeID="913"><FeatureVersion ID="6"><DatePeriod CalendarTypeID="1"><Start Approximate="false">
        <From><Year>2021</Year><Month>6</Month><Day>3</Day></From><To><Year>2021</Year><Month>6</Month><Day>3</Day></To>
        </Start></DatePeriod></FeatureVersion></Feature>
      <Feature ID="7" FeatureTypeID="915"><FeatureVersion ID="7"><VersionDetail DetailTypeID="1432">02 Aug 2021\
</VersionDetail></FeatureVersion></Feature>
      <Feature ID="8" FeatureTypeID="917"><FeatureVersion ID="8"><VersionDetail DetailTypeID="1432">03 Jun 2022\
</VersionDetail></FeatureVersion></Feature>
    </Profile></DistinctParty>
    <DistinctParty FixedRef="9639"><Profile ID="9639" PartySubTypeID="4"><Identity ID="2" Primary="true">
      <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="4"><DocumentedNamePart>
        <NamePartValue ScriptID="215">HANIYA</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity>
    </Profile></DistinctParty>
  </DistinctParties>
  <SanctionsEntries>
    <SanctionsEntry ID="30946" ProfileID="30946" ListID="92052">
      <EntryEvent ID="1" EntryEventTypeID="1"><Date CalendarTypeID="1"><Year>2021</Year><Month>6</Month><Day>3</Day></Date>
      </EntryEvent>
      <SanctionsMeasure ID="1" SanctionsTypeID="1"><Comment>CMIC-EO13959</Comment></SanctionsMeasure>
    </SanctionsEntry>
    <SanctionsEntry ID="9639" ProfileID="9639" ListID="91507">
      <SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>NS-PLC</Comment></SanctionsMeasure></SanctionsEntry>
  </SanctionsEntries>
</Sanctions>
"""
ENHANCED = """\
<?xml version="1.0" encoding="utf-8"?>
<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML">
  <publicationInfo><dataAsOf>2025-12-19T00:00:00-05:00</dataAsOf></publicationInfo>
  <referenceValues><referenceValue refId="92055"><type>Target Type</type><value>Public Company</value></referenceValue>
  </referenceValues>
  <entities>
    <entity id="30946">
      <generalInfo><identityId>21040</identityId><entityType refId="600">Entity</entityType></generalInfo>
      <sanctionsLists><sanctionsList refId="92052" id="1" datePublished="2021-06-03">Non-SDN Chinese Military-Industrial \
Complex Companies List</sanctionsList></sanctionsLists>
      <sanctionsPrograms><sanctionsProgram refId="1" id="2">CMIC-EO13959</sanctionsProgram></sanctionsPrograms>
      <names>
        <name id="3"><isPrimary>false</isPrimary><aliasType refId="1400">A.K.A.</aliasType><isLowQuality>true</isLowQuality>
          <translations><translation id="4"><isPrimary>true</isPrimary><script refId="215">Latin</script>
          <formattedFullName>HIK</formattedFullName></translation></translations></name>
        <name id="5"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
          <translation id="6"><isPrimary>false</isPrimary><script refId="220">Chinese Simplified</script>
            <formattedFullName>杭州海康威视数字技术股份有限公司</formattedFullName></translation>
          <translation id="7"><isPrimary>true</isPrimary><script refId="215">Latin</script>
            <formattedFullName>HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.</formattedFullName></translation>
        </translations></name>
      </names>
      <addresses><address id="8"><country refId="11082">China</country></address></addresses>
      <features>
        <feature id="9"><type featureTypeId="905">Equity Ticker</type><value>002415 CN</value></feature>
        <feature id="10"><type featureTypeId="907">Issuer Name</type><value>Hangzhou Hikvision Digital Technology</value></feature>
        <feature id="11"><type featureTypeId="909">ISIN</type><value>CNE100000PM8</value></feature>
        <feature id="12"><type featureTypeId="911">Target Type</type><valueRefId>92055</valueRefId></feature>
        <feature id="13"><type featureTypeId="913">Listing Date (CMIC)</type><value></value>
          <valueDate><fromDateBegin>2021-06-03</fromDateBegin></valueDate></feature>
        <feature id="14"><type featureTypeId="915">Effective Date (CMIC)</type><value>02 Aug 2021</value></feature>
        <feature id="15"><type featureTypeId="917">Purchase/Sales For Divestment Date (CMIC)</type><value>03 Jun 2022</value>
        </feature>
      </features>
      <identityDocuments><identityDocument id="16"><type refId="1711">Unified Social Credit Code (USCC)</type>
        <documentNumber>91330000733796106P</documentNumber><issuingCountry refId="11082">China</issuingCountry>
      </identityDocument></identityDocuments>
    </entity>
    <entity id="9639"><generalInfo><entityType refId="601">Individual</entityType></generalInfo>
      <names><name id="17"><isPrimary>true</isPrimary><translations><translation id="18">
        <formattedFullName>HANIYA</formattedFullName></translation></translations></name></names></entity>
  </entities>
</sanctionsData>
"""
CMIC_SOURCE = "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department"
ENTITY_LIST_SOURCE = "Entity List (EL) - Bureau of Industry and Security"
CSL_COLUMNS = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,"
    "standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,"
    "vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,"
    "places_of_birth,source_information_url,ids"
)
CSL_IDS = (
    "002415 CN, Equity Ticker; Hangzhou Hikvision Digital Technology, Issuer Name; CNE100000PM8, ISIN; Public Company, "
    "Target Type; 03 Jun 2021, Listing Date (CMIC); 02 Aug 2021, Effective Date (CMIC); 03 Jun 2022, Purchase/Sales For "
    "Divestment Date (CMIC); CN, 91330000733796106P, Unified Social Credit Code (USCC)"
)
CSL_CSV = f"""\
{CSL_COLUMNS}
1,{CMIC_SOURCE},30946,Entity,CMIC-EO13959,"HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.",,"No. 555 Qianmo Road, Hangzhou, \
310052, CN",,,,,,,,,,,,,,https://bit.ly/1QWTIfE,,,,,,https://bit.ly/3zsMQ4n,"{CSL_IDS}"
2,{ENTITY_LIST_SOURCE},,,,Leon Technology Co. Ltd.,,"Urumqi, Xinjiang, CN; Beijing, CN",85 FR 34503,2020-06-05,,,,,,,,,,,,\
http://bit.ly/1L47xrV,Leon Technology,,,,,http://bit.ly/1L47xrV,
3,Denied Persons List (DPL) - Bureau of Industry and Security,,Individual,,SOMEBODY,,,,,,,,,,,,,,,,,,,,,,,
"""
CSL_JSON: dict[str, object] = {
    "sources_used": [{"source": CMIC_SOURCE, "source_last_updated": "2025-12-19T00:00:00+00:00"}],
    "total": 1,
    "results": [
        {
            "id": "30946",
            "source": CMIC_SOURCE,
            "entity_number": 30946,
            "type": "Entity",
            "programs": ["CMIC-EO13959"],
            "name": "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.",
            "title": None,
            "addresses": [
                {
                    "address": "No. 555 Qianmo Road",
                    "city": "Hangzhou",
                    "state": None,
                    "postal_code": "310052",
                    "country": "CN",
                }
            ],
            "federal_register_notice": None,
            "start_date": None,
            "end_date": None,
            "alt_names": [],
            "source_list_url": "https://bit.ly/1QWTIfE",
            "source_information_url": "https://bit.ly/3zsMQ4n",
            "ids": [
                {"type": kind, "number": number, "country": country, "issue_date": None, "expiration_date": None}
                for kind, number, country in (
                    ("Equity Ticker", "002415 CN", None),
                    ("Issuer Name", "Hangzhou Hikvision Digital Technology", None),
                    ("ISIN", "CNE100000PM8", None),
                    ("Target Type", "Public Company", None),
                    ("Listing Date (CMIC)", "03 Jun 2021", None),
                    ("Effective Date (CMIC)", "02 Aug 2021", None),
                    ("Purchase/Sales For Divestment Date (CMIC)", "03 Jun 2022", None),
                    ("Unified Social Credit Code (USCC)", "91330000733796106P", "CN"),
                )
            ],
        }
    ],
}
UFLPA_PAGE = """\
<!DOCTYPE html><html lang="en"><head><title>UFLPA Entity List | Homeland Security</title></head><body>
<p class="text-align-center"><strong>A list of entities in Xinjiang that mine, produce, or manufacture wholly or in part any
goods, wares, articles and merchandise with forced labor</strong><br><a href="https://www.govinfo.gov/">Section
2(d)(2)(B)(i)</a></p>
<table class="usa-table"><thead><tr><th>Name of Entity</th><th>Effective Date</th></tr></thead><tbody>
<tr><td>Hoshine Silicon Industry (Shanshan) Co., Ltd (including one alias: Hesheng Silicon Industry
(Shanshan) Co.) and subsidiaries</td><td>June 21, 2022</td></tr>
<tr><td>Xinjiang&nbsp;Zhonghe Co., Ltd. (also known as Xinjiang Joinworld Co., Ltd.)</td><td>November 25, 2024</td></tr>
</tbody></table>
<table class="usa-table"><thead><tr><th>Entity Name</th><th>Effective Date</th></tr></thead><tbody>
<tr><td>Xinjiang Production and Construction Corporation (XPCC) and its subordinate and affiliated entities</td>
<td>June 21, 2022</td></tr></tbody></table></body></html>
"""
FCC_ROWS = (
    (
        "Video surveillance and telecommunications equipment produced by <strong>Hangzhou Hikvision Digital Technology "
        "Company</strong>, to the extent it is used for the purpose of public safety, including telecommunications or "
        "video surveillance services provided by such entity or using such equipment.",
        "March 12, 2021",
    ),
    (
        "Information security products, solutions, and services supplied, directly or indirectly, by <strong>AO "
        "Kaspersky Lab</strong> or any of its predecessors, successors, parents, subsidiaries, or affiliates.",
        "March 25, 2022",
    ),
    (
        "International telecommunications services provided by <strong>China Mobile International USA Inc</strong>. "
        "subject to section 214 of the Communications Act of 1934.",
        "March 25, 2022",
    ),
    (
        "International telecommunications services provided by <strong>Pacific Networks Corp</strong> and its "
        "wholly-owned subsidiary <strong>ComNet (USA) LLC</strong> subject to section 214.",
        "September 20, 2022",
    ),
    ("Routers^ produced in a foreign country, except routers which have been granted a Conditional Approval.", ""),
)
FCC_PAGE = (
    "<html><body><table><thead><tr><th><p><strong>Covered Equipment or Services*</strong></p></th>"
    "<th><p><strong>Date of Inclusion on Covered List</strong></p></th></tr></thead><tbody>"
    + "".join(
        f"<tr><td>{what}</td><td><p>{day}</p><p>Updated:<br/>January 7, 2026</p></td></tr>" for what, day in FCC_ROWS
    )
    + "</tbody></table></body></html>"
)
DOD_LINES = (
    "Entities Identified as Chinese Military Companies Operating in the United States in accordance with Section 1260H",
    'of the William M. ("Mac") Thornberry National Defense Authorization Act for Fiscal Year 2021 (Public Law 116-283)',
    "January 7, 2025",
    "360 Security Technology Inc. (Qihoo 360)",
    "AVIC Airborne Systems Co., Ltd. (formerly China Avionics Systems Co.,",
    "Ltd.)",
    "BGI Genomics Co., Ltd. (BGI)",
    "China United Network Communications Group Co., Ltd. (China Unicom)",
    "China Unicom (Hong Kong) Limited (China Unicom HK)",
    "CNOOC Limited",
    "Semiconductor Manufacturing International Corporation (SMIC)*",
    "Page 2",
)
DOD_REMOVED = ("The following entities are removed from the list:", "Beijing Megvii Technology Co., Ltd. (Megvii)")
DOD_NOTICE = """\
[Federal Register Volume 90, Number 4 (Tuesday, January 7, 2025)]
[Notices]
[Pages 1105-1107]
From the Federal Register Online via the Government Publishing Office [www.gpo.gov]

-----------------------------------------------------------------------

DEPARTMENT OF DEFENSE

Office of the Secretary

Notice of Availability of Designation of Chinese Military Companies

AGENCY: Office of the Deputy Secretary of Defense, Department of Defense.

ACTION: Notice of availability.

SUPPLEMENTARY INFORMATION: The Deputy Secretary of Defense has determined that the following
entities qualify as "Chinese military companies" in accordance with Section 1260H:

Beijing Zhidao Chuangyu Information
Technology Co., Ltd. (Knownsec)
Semiconductor Manufacturing International (Shenzhen)
Corporation (SMIC Shenzhen)
Shanghai Yitu Network Technology Co., Ltd. (Yitu)

    Dated: January 2, 2025.
Aaron T. Siegel,
Alternate OSD Federal Register Liaison Officer, Department of Defense.
[FR Doc. 2025-00070 Filed 1-6-25; 8:45 am]
BILLING CODE 6001-FR-P
"""
DOD_TABLE = """\
Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url
"Beijing Megvii Technology Co., Ltd. (Megvii)","Beijing Megvii Technology Co., Ltd.",Megvii,,,,2024-01-31,2025-01-07,
"Hangzhou Hikvision Digital Technology Co., Ltd. (Hikvision)*","Hangzhou Hikvision Digital Technology Co., Ltd.",Hikvision,,\
China Electronics Technology Group Corporation,,2021-06-03,,
"""
BIS_CSV = """\
Source List,Entity Number,SDN Type,Programs,Name,Title,Address,City,State/Province,Postal Code,Country,Federal Register Notice,\
Effective Date,Date Lifted/Waived/Expired,Standard Order,License Requirement,License Policy,Call Sign,Vessel Type,Gross \
Tonnage,Gross Register Tonnage,Vessel Flag,Vessel Owner,Remarks/Notes,Address Number,Address Remarks,Alternate Number,\
Alternate Type,Alternate Name,Alternate Remarks,Web Link
EL,,,,Leon Technology Co. Ltd.,,Somewhere 1,Urumqi,Xinjiang,,China,85 FR 34503,6/5/2020,,,,,,,,,,,,,,,,Leon Technology,,
EL,,,,Leon Technology Co. Ltd.,,Somewhere 2,Urumqi,Xinjiang,,China,85 FR 34503,6/5/2020,,,,,,,,,,,,,,,,,,
"""
OPENSANCTIONS_CSV = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails",'
    '"program_ids","dataset","first_seen","last_seen","last_change"\n'
    '"NK-1","Company","Hangzhou Hikvision Digital Technology Co., Ltd.","Hikvision;杭州海康威视数字技术股份有限公司","","cn","",'
    '"91330000733796106P;CNE100000PM8","2021-06-03","","","US-NSCMIC","US OFAC Consolidated (non-SDN) List",'
    '"2021-06-04T00:00:00","2026-11-20T00:00:00","2026-11-20T00:00:00"\n'
    '"NK-2","Person","Somebody","","1970-01-01","cn","","","","","","","US OFAC Consolidated (non-SDN) List","","",""\n'
)
OPENSANCTIONS_FTM = (
    '{"id":"NK-1","caption":"Hangzhou Hikvision Digital Technology Co., Ltd.","schema":"Company","target":true,'
    '"datasets":["us_ofac_cons"],"first_seen":"2021-06-04T00:00:00","properties":{"name":["Hangzhou Hikvision Digital '
    'Technology Co., Ltd."],"jurisdiction":["cn"],"uscCode":["91330000733796106P"]}}\n'
    '{"id":"s-1","schema":"Sanction","datasets":["us_ofac_cons"],"properties":{"entity":["NK-1"],"startDate":["2021-06-03"]}}\n'
    '{"id":"i-1","schema":"Security","datasets":["us_ofac_cons"],"properties":{"issuer":["NK-1"],"isin":["CNE100000PM8"]}}\n'
    '{"id":"p-1","caption":"Somebody","schema":"Person","datasets":["us_ofac_cons"],"properties":{"name":["Somebody"]}}\n'
)
