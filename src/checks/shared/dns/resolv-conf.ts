export interface ResolvConf {
  nameservers: string[];
  search: string[];
  options: string[];
}

/** More are not used by glibc either (MAXNS in resolv.h). */
const MAX_NAMESERVERS = 3;

/** As resolv.conf(5) says: the last `search` or `domain` line counts, everything unknown is left out. */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { nameservers: [], search: [], options: [] };
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .split(/\s+/)
      .filter(Boolean);
    if (keyword === 'nameserver') conf.nameservers.push(...values.slice(0, 1));
    else if (keyword === 'search') conf.search = values;
    else if (keyword === 'domain') conf.search = values.slice(0, 1);
    else if (keyword === 'options') conf.options.push(...values);
  }
  return { ...conf, nameservers: conf.nameservers.slice(0, MAX_NAMESERVERS) };
}
