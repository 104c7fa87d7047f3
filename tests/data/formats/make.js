const X = require('xlsx');
const rows = [
 ["Musterbank AG, Zürich"], ["Depot", "4711 – Stiftung"], ["Stichtag", new Date(Date.UTC(2026,9,31))], [],
 ["Valor","Bezeichnung","ISIN","Stück","Kurs","Whg","Marktwert CHF","Gewicht %","Kursdatum"],
 [3886335,"Nestlé N","CH0038863350",1200,82.5,"CHF",99000,49.5,new Date(Date.UTC(2026,9,30))],
 ["","Hangzhou Hikvision A","CNE100000PM8",10000,30,"CNY",33000,16.5,new Date(Date.UTC(2026,9,30))],
 ["","ACME verdeckt","US0378331005",100,270,"USD",null,10.8,new Date(Date.UTC(2026,9,29))],
 ["","Liquidität CHF","",null,null,"CHF",46400,23.2,null],
 ["","Total","",null,null,"",200000,100,null],
 [],["Angaben ohne Gewähr"]];
const ws = X.utils.aoa_to_sheet(rows, {cellDates:false});
ws["G8"] = {t:"n", f:"D8*E8*0.8", v:21600};
ws["!rows"] = []; ws["!rows"][7] = {hidden:true};
ws["!cols"] = [{}, {wch:30}, {}, {}, {hidden:true}];
ws["!merges"] = [{s:{r:0,c:0},e:{r:0,c:8}}];
const notes = X.utils.aoa_to_sheet([["Notizen"],["nichts"]]);
const wb = X.utils.book_new(); X.utils.book_append_sheet(wb, ws, "Bestand"); X.utils.book_append_sheet(wb, notes, "Intern");
wb.Workbook = {Sheets:[{Hidden:0},{Hidden:1}]};
const out = __dirname + "/";
for (const [type,name] of [["xlsx","depot.xlsx"],["xlsm","depot.xlsm"],["xlsb","depot.xlsb"],["biff8","depot.xls"],["ods","depot.ods"],["xlml","depot-spreadsheetml.xls"],["html","depot-html.xls"],["fods","depot.fods"],["txt","depot-utf16.txt"],["csv","depot.csv"]])
  X.writeFile(wb, out+name, {bookType:type, bookSST:true});
