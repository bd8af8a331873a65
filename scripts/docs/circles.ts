type Graph = ReadonlyMap<string, readonly string[]>;

/** Returns the groups of nodes that reach each other. */
export function circles(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]));
  const groups = new Map<string, string[]>();
  for (const [node, there] of reached) {
    const group = [...there].filter((other) => reached.get(other)?.has(node)).sort();
    if (group.length > 0) groups.set(group.join(), group);
  }
  return [...groups.values()];
}

/** Returns the nodes that can be reached from a node. */
export function reach(graph: Graph, start: string): Set<string> {
  const there = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (there.has(node)) continue;
    there.add(node);
    waiting.push(...(graph.get(node) ?? []));
  }
  return there;
}
