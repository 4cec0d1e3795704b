/** An image's name that breaks, where it must, after a separator. */
export function ImageName({ name }: { name: string }) {
  const parts = name.match(/[^/@]+[/@]?|[/@]/g) ?? [];
  return (
    <b class="image-name">
      {parts.map((part, index) => (
        <span key={index}>{part}</span>
      ))}
    </b>
  );
}
