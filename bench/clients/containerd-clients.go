// Pulls and pushes images as containerd does, with its resolver, fetcher and pusher, as many clients at the same time.
// What is pulled is checked by digest and discarded, since 200 copies of an image do not fit on a disk.
// It reads its orders as JSON from standard input, and writes what it measured as JSON to standard output.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"hash"
	"os"
	"sync"
	"time"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/remotes"
	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/remotes/docker/config"
	"github.com/containerd/errdefs"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/semaphore"
)

type orders struct {
	Host       string // HOST:PORT, with TLS
	Image      string // what is pulled, as in bench/app:v1
	Pulls      int
	Pushes     int
	PushLayers int
	LayerBytes int
	User       string // who pushes; nobody in particular if empty
	Password   string
}

type measured struct {
	Seconds     float64   `json:"seconds"` // until everybody is done
	PullSeconds []float64 `json:"pullSeconds"`
	Failures    []string  `json:"failures"`
}

// layersAtOnce is containerd's default for Kubernetes (CRI's max_concurrent_downloads).
const layersAtOnce = 3

func main() {
	var asked orders
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	var result measured
	result.Failures = []string{}
	var lock sync.Mutex
	var done sync.WaitGroup
	started := time.Now()
	each := func(count int, work func(context.Context, int) error, after func(float64)) {
		for client := range count {
			done.Go(func() {
				own := time.Now()
				err := work(context.Background(), client)
				lock.Lock()
				defer lock.Unlock()
				if err != nil {
					result.Failures = append(result.Failures, err.Error())
					return
				}
				after(time.Since(own).Seconds())
			})
		}
	}
	each(asked.Pushes, asked.push, func(float64) {})
	each(asked.Pulls, asked.pull, func(seconds float64) { result.PullSeconds = append(result.PullSeconds, seconds) })
	done.Wait()
	result.Seconds = time.Since(started).Seconds()
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

// resolver is one client's own, with connections of its own.
func (asked orders) resolver(ctx context.Context, user, password string) remotes.Resolver {
	return docker.NewResolver(docker.ResolverOptions{Hosts: config.ConfigureHosts(ctx, config.HostOptions{
		DefaultScheme: "https",
		DefaultTLS:    &tls.Config{InsecureSkipVerify: true},
		Credentials:   func(string) (string, string, error) { return user, password, nil },
	})})
}

func (asked orders) pull(ctx context.Context, client int) error {
	resolver := asked.resolver(ctx, "", "")
	name, root, err := resolver.Resolve(ctx, asked.Host+"/"+asked.Image)
	if err != nil {
		return fmt.Errorf("client %d resolves: %w", client, err)
	}
	fetcher, err := resolver.Fetcher(ctx, name)
	if err != nil {
		return err
	}
	store := &discarding{manifests: map[digest.Digest][]byte{}}
	handler := images.Handlers(remotes.FetchHandler(store, fetcher), images.ChildrenHandler(store))
	if err := images.Dispatch(ctx, handler, semaphore.NewWeighted(layersAtOnce), root); err != nil {
		return fmt.Errorf("client %d pulls: %w", client, err)
	}
	return nil
}

func (asked orders) push(ctx context.Context, client int) error {
	resolver := asked.resolver(ctx, asked.User, asked.Password)
	pusher, err := resolver.Pusher(ctx, fmt.Sprintf("%s/bench/pushed-%d:v1", asked.Host, client))
	if err != nil {
		return err
	}
	blobs := memory{}
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest}
	manifest.Config = blobs.add(ocispec.MediaTypeImageConfig, []byte(fmt.Sprintf(`{"architecture":"amd64","os":"linux","of":%d}`, client)))
	for range asked.PushLayers {
		layer := make([]byte, asked.LayerBytes)
		_, _ = rand.Read(layer)
		manifest.Layers = append(manifest.Layers, blobs.add(ocispec.MediaTypeImageLayerGzip, layer))
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	push := remotes.PushHandler(pusher, blobs)
	for _, each := range append(manifest.Layers, manifest.Config, blobs.add(manifest.MediaType, text)) {
		if _, err := push(ctx, each); err != nil {
			return fmt.Errorf("client %d pushes: %w", client, err)
		}
	}
	return nil
}

// discarding is a content store that keeps manifests alone.
type discarding struct {
	lock      sync.Mutex
	manifests map[digest.Digest][]byte
}

func (store *discarding) Writer(_ context.Context, opts ...content.WriterOpt) (content.Writer, error) {
	var wanted content.WriterOpts
	for _, opt := range opts {
		if err := opt(&wanted); err != nil {
			return nil, err
		}
	}
	return &writer{store: store, wanted: wanted, hash: sha256.New(), keep: images.IsManifestType(wanted.Desc.MediaType)}, nil
}

func (store *discarding) ReaderAt(_ context.Context, desc ocispec.Descriptor) (content.ReaderAt, error) {
	store.lock.Lock()
	defer store.lock.Unlock()
	text, found := store.manifests[desc.Digest]
	if !found {
		return nil, errdefs.ErrNotFound
	}
	return readerAt{bytes.NewReader(text)}, nil
}

type writer struct {
	store  *discarding
	wanted content.WriterOpts
	hash   hash.Hash
	size   int64
	keep   bool
	kept   bytes.Buffer
}

func (w *writer) Write(p []byte) (int, error) {
	if w.keep {
		w.kept.Write(p)
	}
	w.size += int64(len(p))
	return w.hash.Write(p)
}

func (w *writer) Close() error { return nil }

func (w *writer) Digest() digest.Digest { return digest.NewDigest(digest.SHA256, w.hash) }

func (w *writer) Commit(_ context.Context, size int64, expected digest.Digest, _ ...content.Opt) error {
	if w.size != size || w.Digest() != expected {
		return fmt.Errorf("%d bytes of %s came as %d of %s", size, expected, w.size, w.Digest())
	}
	if w.keep {
		w.store.lock.Lock()
		defer w.store.lock.Unlock()
		w.store.manifests[expected] = w.kept.Bytes()
	}
	return nil
}

func (w *writer) Status() (content.Status, error) {
	return content.Status{Ref: w.wanted.Ref, Offset: w.size, Total: w.wanted.Desc.Size}, nil
}

func (w *writer) Truncate(size int64) error {
	if size != 0 {
		return fmt.Errorf("cannot go back to %d", size)
	}
	w.size = 0
	w.hash.Reset()
	w.kept.Reset()
	return nil
}

// memory has the blobs of a pushed image.
type memory map[digest.Digest][]byte

func (blobs memory) add(mediaType string, blob []byte) ocispec.Descriptor {
	sum := digest.FromBytes(blob)
	blobs[sum] = blob
	return ocispec.Descriptor{MediaType: mediaType, Digest: sum, Size: int64(len(blob))}
}

func (blobs memory) ReaderAt(_ context.Context, desc ocispec.Descriptor) (content.ReaderAt, error) {
	return readerAt{bytes.NewReader(blobs[desc.Digest])}, nil
}

type readerAt struct{ *bytes.Reader }

func (readerAt) Close() error { return nil }
