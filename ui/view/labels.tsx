/** The image's labels. Untrusted input: rendered as plain text only. */
export function Labels({ labels }: { labels: [string, string][] }) {
  if (labels.length === 0) return null;
  return (
    <section class="labels" aria-labelledby="labels-title">
      <h4 id="labels-title">Labels</h4>
      <dl>
        {labels.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
