const { createHost } = await import(process.argv[2])
for (const stack of [65536, 1<<20]) {
const h = await createHost({ limits: { stack } })
for (const name of ['dag-cbor','dag-json']) {
  const c = await h.codec(name)
  const big = await (await createHost({limits:{stack:1<<20}})).codec(name)
  for (const list of [true,false]) {
    const nest = (n: number) => { let v: any = list ? [] : {}; for (let i=1;i<n;i++) v = list?[v]:{a:v}; return v }
    const max = (f: (n: number)=>void) => { let lo=1, hi=1024; while (lo<hi) { const m=(lo+hi+1)>>1; try { f(m); lo=m } catch (e: any) { hi=m-1 } } return lo }
    console.log(stack, name, list?'list':'map', 'decode', max(n=>c.decode(big.encode(nest(n)))), 'encode', max(n=>c.encode(nest(n))))
  }
}}
