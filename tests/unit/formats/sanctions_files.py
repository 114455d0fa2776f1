"""Small files in the shapes the lists are published in, of invented entries."""

SDN = (
    '36,"SAMPLE AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '2674,"EXAMPLE, Abu Test","individual","SDT] [NPWMD",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    "\"DOB 1948; a.k.a. 'WEAK ONE'; f.k.a. 'AL-QA'IDA TEST'.\"\r\n"
    '4238,"MOCK STAR","vessel","IRAN",-0- ,"T2","Tanker",-0- ,-0- ,"Malta",-0- ,"IMO 1."\r\n'
    '5000,"EP-AAA","aircraft","IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- '
)
ALT = (
    '36,12,"aka","SAMPLE-AIR",-0- \r\n'
    '2674,13,"fka","EXAMPLE, Abou",-0- \r\n'
    '2674,14,"nka","EXAMPLE \'THE\' TESTER",-0- '
)

EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-02T10:00:00.000+01:00"
        globalFileId="1">
  <sanctionEntity designationDetails="" euReferenceNumber="EU.27.28" logicalId="13">
    <regulation regulationType="regulation" programme="TST" logicalId="1">
      <publicationUrl>https://example.invalid/</publicationUrl>
    </regulation>
    <regulation regulationType="amendment" programme="ABC" logicalId="2"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Ján" middleName="" lastName="Skúška" wholeName="Ján Skúška" strong="true"
               logicalId="17"><regulationSummary regulationType="regulation"/></nameAlias>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Ivan Skuska" strong="true"/>
    <nameAlias firstName="J." middleName="" lastName="Skuska" wholeName="" strong="false"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="" strong="false"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="" logicalId="14">
    <regulation programme="TST"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Пример Банк" strong="false"/>
  </sanctionEntity>
</export>
"""

UN = """<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                   dateGenerated="2026-03-02T05:00:00.000Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>6908555</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>SAMPLE</FIRST_NAME><SECOND_NAME>ABDUL</SECOND_NAME>
      <THIRD_NAME>TEST </THIRD_NAME><FOURTH_NAME/>
      <UN_LIST_TYPE>Taliban</UN_LIST_TYPE><REFERENCE_NUMBER>TAi.001</REFERENCE_NUMBER>
      <NAME_ORIGINAL_SCRIPT>مثال عبد</NAME_ORIGINAL_SCRIPT>
      <INDIVIDUAL_ALIAS>
        <QUALITY>Good</QUALITY><ALIAS_NAME>Sample A. Test</ALIAS_NAME>
      </INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Sample</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <DATAID>110</DATAID><FIRST_NAME>EXAMPLE TRUST</FIRST_NAME>
      <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>QDe.005</REFERENCE_NUMBER>
      <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Example Fund</ALIAS_NAME></ENTITY_ALIAS>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
"""

HOUSE = (
    "entry_id,name,kind,alias_of,reason\n"
    "H1,Dummy Partners,ENTITY,,chargebacks\n"
    'H1a,"Dummy, Partners & Co.",,H1,\n'
    "H2,Nemo Nobody,,,\n"
)
