// compares two bundles of the host on decode: A (argv2) and B (argv3)
const [A,B] = await Promise.all([process.argv[2],process.argv[3]].map(async p=>{ const {createHost}=await import(p); return (await createHost()).codec('dag-cbor') }))
const { dataSets } = await import('/work/main/bench/data.ts')
const dagCbor = await import('@ipld/dag-cbor')
const names = process.argv.slice(4)
for (const name of names.length?names:['200 posts','200 posts, many languages','200 records, same keys','200 records, mixed shapes','one small record','tiny map with a link','1,000 links','wide map, 5,000 keys']) {
  const set = dataSets.find(d=>d.name===name); if(!set) {console.log('no',name);continue}
  const bytes = dagCbor.encode(set.make())
  const k = bytes.length>2000?20:4000
  const fs=[()=>A.decode(bytes),()=>B.decode(bytes),()=>dagCbor.decode(bytes)]
  const best=[[],[],[]]
  for(let r=0;r<60;r++) fs.forEach((f,i)=>{const s=process.hrtime.bigint();for(let j=0;j<k;j++)f();best[i].push(Number(process.hrtime.bigint()-s)/k/1000)})
  const q=best.map(b=>b.slice(10).sort((a,b)=>a-b)[12])
  console.log(name.padEnd(30),'A',q[0].toFixed(2),'B',q[1].toFixed(2),'B/A',(q[1]/q[0]).toFixed(3),'ref/A',(q[2]/q[0]).toFixed(2),'ref/B',(q[2]/q[1]).toFixed(2))
}
