// SPDX-License-Identifier: Apache-2.0

// Checks logs with Go's checksum-database packages (golang.org/x/mod/sumdb): gocheck OUT SIZE…
//
// The trees, proofs, tiles and notes are judged by those packages; only the paths of C2SP
// tlog-tiles and the message of C2SP tlog-cosignature, which they do not know, are written here.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what ...interface{}) {
	if err != nil {
		fmt.Fprintln(os.Stderr, append([]interface{}{"gocheck:", err}, what...)...)
		os.Exit(1)
	}
}

func need(ok bool, what ...interface{}) {
	if !ok {
		must(fmt.Errorf("does not hold"), what...)
	}
}

func read(parts ...string) []byte {
	data, err := os.ReadFile(filepath.Join(parts...))
	must(err)
	return data
}

// A witness's key, as note.Verifier: the name and the hash are compared by package note.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(head), msg...), sig[8:])
}

func parseWitness(vkey string) witness {
	parts := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	need(key[0] == 4, "the type of the witness's key")
	return witness{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}
}

// The tiles of a log's folder, for tlog.TileHashReader.
type tiles struct{ log string }

func (t tiles) Height() int                     { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return filepath.Join(t.log, "tile", path)
}
func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range list {
		data, err := os.ReadFile(t.path(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func parseHead(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	need(len(lines) == 4, "the lines of a checkpoint")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	hash, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: hash}
}

func hashes(lines []string) []tlog.Hash {
	var all []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		must(err)
		all = append(all, hash)
	}
	return all
}

func main() {
	out := os.Args[1]
	logKey, err := note.NewVerifier(strings.TrimSpace(string(read(out, "log.vkey"))))
	must(err)
	verifiers := note.VerifierList(logKey, parseWitness(string(read(out, "witness.vkey"))))
	counts := map[string]int{}
	for _, name := range os.Args[2:] {
		folder := filepath.Join(out, name)
		log := filepath.Join(folder, "log")
		head, err := note.Open(read(log, "checkpoint"), verifiers)
		must(err, name)
		need(len(head.Sigs) == 2 && len(head.UnverifiedSigs) == 0, name, "both signatures")
		tree := parseHead(head.Text)
		need(strconv.FormatInt(tree.N, 10) == name, name, "size")
		// The reader checks each tile that it reads against the root.
		reader := tlog.TileHashReader(tree, tiles{log})
		for _, tile := range allTiles(tree.N) {
			if tree.N > 70000 && tile.L == 0 && tile.W == 256 && tile.N%4096 != 0 {
				continue // one in 4,096 of a long log
			}
			data, err := tlog.ReadTileData(tile, reader)
			must(err, name, tile.Path())
			need(bytes.Equal(data, read(tiles{log}.path(tile))), name, tile.Path())
			counts["tiles"]++
			if tile.L == 0 {
				bundle(log, tile, data)
				counts["bundles"]++
			}
		}
		files, err := os.ReadDir(filepath.Join(folder, "inclusion"))
		must(err)
		for _, file := range files {
			inclusion(folder, file.Name(), tree, reader, string(head.Text))
			counts["inclusion proofs"]++
		}
		files, err = os.ReadDir(filepath.Join(folder, "consistency"))
		must(err)
		for _, file := range files {
			consistency(folder, file.Name(), tree, reader)
			counts["consistency proofs"]++
		}
		counts["checkpoints"]++
		counts["cosignatures"]++
	}
	fmt.Println("golang.org/x/mod/sumdb:", counts)
}

// The tiles of a tree: the full ones, and the one that is not full at the end of each level.
func allTiles(size int64) []tlog.Tile {
	var all []tlog.Tile
	for level := 0; size > 0; level++ {
		for n := int64(0); n < size/256; n++ {
			all = append(all, tlog.Tile{H: 8, L: level, N: n, W: 256})
		}
		if size%256 > 0 {
			all = append(all, tlog.Tile{H: 8, L: level, N: size / 256, W: int(size % 256)})
		}
		size /= 256
	}
	return all
}

// The entries of a bundle give the hashes of its tile.
func bundle(log string, tile tlog.Tile, data []byte) {
	path := strings.Replace(tiles{log}.path(tile), "/tile/0/", "/tile/entries/", 1)
	rest := read(path)
	for i := 0; i < tile.W; i++ {
		need(len(rest) >= 2, path)
		end := 2 + int(binary.BigEndian.Uint16(rest))
		need(len(rest) >= end, path)
		hash := tlog.RecordHash(rest[2:end])
		need(bytes.Equal(hash[:], data[i*32:i*32+32]), path, i)
		rest = rest[end:]
	}
	need(len(rest) == 0, path)
}

func inclusion(folder, name string, tree tlog.Tree, reader tlog.HashReader, text string) {
	parts := strings.SplitN(string(read(folder, "inclusion", name)), "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	need(lines[0] == "c2sp.org/tlog-proof@v1" && lines[2] == "index "+name, folder, name)
	need(strings.HasPrefix(parts[1], text), folder, name, "head")
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err)
	index, err := strconv.ParseInt(name, 10, 64)
	must(err)
	proof := tlog.RecordProof(hashes(lines[3:]))
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)), folder, name)
	own, err := tlog.ProveRecord(tree.N, index, reader)
	must(err, folder, name)
	need(fmt.Sprint(own) == fmt.Sprint(proof), folder, name, "another proof")
	if len(proof) > 0 {
		proof[len(proof)/2][7] ^= 1
		need(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)) != nil)
	}
}

func consistency(folder, name string, tree tlog.Tree, reader tlog.HashReader) {
	parts := strings.SplitN(string(read(folder, "consistency", name)), "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	need(lines[0] == "old "+name, folder, name)
	old, err := strconv.ParseInt(name, 10, 64)
	must(err)
	root, err := tlog.TreeHash(old, reader)
	must(err, folder, name)
	proof := tlog.TreeProof(hashes(lines[1:]))
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old, root), folder, name)
	own, err := tlog.ProveTree(tree.N, old, reader)
	must(err, folder, name)
	need(fmt.Sprint(own) == fmt.Sprint(proof), folder, name, "another proof")
}
