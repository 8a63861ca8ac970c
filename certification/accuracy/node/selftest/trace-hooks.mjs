// The demo flag, trials, and the test hooks, for the walk of trace.mjs.

export async function demos(walk) {
  const ada = walk.person({ demo: true });
  const bob = walk.colleague(ada);
  const first = await walk.connect('demo', ada);
  await walk.connect('demo signs in', { ...ada, connection: first });
  const again = await walk.connect('demo again', ada);
  walk.lines.push(`fresh ${first !== again}`);
  await walk.connect('demo of colleague', bob);
  await walk.connect('normal after demo', { ...ada, demo: false });
  await walk.delete('demo deleted', ada, again);
  const cy = walk.person();
  const real = await walk.connect('cy', cy);
  await walk.connect('demo of cy', { ...cy, demo: true });
  await walk.connect('cy connects after a demo', cy);
  await walk.connect('cy\'s real connection', { ...cy, connection: real });
}

export async function manualSignUp(walk) {
  const ada = walk.person();
  const id = await walk.connect('manual', ada);
  await walk.connect('manual signs in', { ...ada, connection: id });
  const again = await walk.connect('manual again', ada);
  await walk.connect('manual signs in again', { ...ada, connection: again });
}

const hookBody = (person, domain) => ({ domain, cloud_provider: person.cloud ?? 'aws', databricks_organization_id: person.workspace });
const expiry = ({ email, userId, workspace, cloud = 'aws' }) =>
  ({ email, databricks_user_id: userId, cloud_provider: cloud, databricks_organization_id: workspace });
const erase = (walk, label, person) => walk.call(label, 'delete_account', hookBody(person, person.email.split('@')[1]));
const expire = (walk, label, person) => walk.call(label, 'expire_account', expiry(person));

export async function trials(walk) {
  const ada = walk.person({ email: 'ada@databricks-test.com', userId: 6000000001n });
  const bob = walk.colleague(ada);
  const id = await walk.connect('tester', ada);
  const bobs = await walk.connect('colleague', bob);
  const away = { ...ada, workspace: ada.workspace + 300000n };
  const awayId = await walk.connect('tester elsewhere', away);
  const namesake = walk.person({ email: 'ann@databricks-demo.com', userId: ada.userId, cloud: 'azure' });
  const anns = await walk.connect('namesake in azure', namesake);
  await expire(walk, 'expire', ada);
  await walk.connect('expired', { ...ada, connection: id });
  await walk.connect('expired again', { ...ada, connection: id });
  await walk.connect('expired elsewhere', { ...away, connection: awayId });
  await walk.connect('known colleague', { ...bob, connection: bobs });
  await walk.connect('new colleague signs in', { ...walk.colleague(ada), connection: id });
  await walk.connect('new colleague connects', walk.colleague(ada));
  await walk.connect('namesake', { ...namesake, connection: anns });
  await walk.connect('demo of expired', { ...ada, demo: true });
  const again = await walk.connect('expired connects', ada);
  await walk.connect('expired after connecting', { ...ada, connection: again });
  await expire(walk, 'expire twice', ada);
  await expire(walk, 'expire in azure', namesake);
  await erase(walk, 'erase expired', ada);
  await erase(walk, 'erase namesake', namesake);
  await walk.connect('after erasure', ada);
  await erase(walk, 'clean up', ada);
  for (const email of ['eve@evil-databricks-test.com', 'eve@firm-real.com']) {
    const eve = walk.person({ email });
    const eves = await walk.connect(email, eve);
    await expire(walk, 'expire eve', eve);
    await walk.connect('eve signs in', { ...eve, connection: eves });
  }
}

export async function accounts(walk) {
  const ada = walk.person({ email: 'ada@databricks-test.com' });
  const bob = walk.colleague(ada);
  const neighbour = walk.person({ workspace: ada.workspace });
  const below = walk.person({ email: 'sub@abc123.databricks-test.com' });
  const demo = walk.person({ email: 'demo@databricks-demo.com' });
  const people = [ada, bob, neighbour, below, demo];
  const ids = [];
  for (const person of people) ids.push(await walk.connect('before', person));
  await erase(walk, 'erase', ada);
  for (const [index, person] of people.entries()) await walk.connect(`after ${index}`, { ...person, connection: ids[index] });
  await walk.connect('ada again', ada);
  await erase(walk, 'erase demo domain', demo);
  await walk.connect('second workspace', { ...ada, workspace: ada.workspace + 200000n });
  await erase(walk, 'erase by second workspace', { ...ada, workspace: ada.workspace + 200000n });
  for (const domain of ['evil-databricks-test.com', 'databricks-test.com.acme.example', 'databricks-testxcom', 'firm-real.org']) {
    const eve = walk.person({ email: `eve@${domain}` });
    const eves = await walk.connect(domain, eve);
    await erase(walk, `erase ${domain}`, eve);
    await walk.connect(`${domain} signs in`, { ...eve, connection: eves });
  }
}
