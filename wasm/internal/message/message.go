// Package message reads and writes what the engine and its host tell each other: a JSON header and a body of bytes
// (docs/spec/render-engine.md).
package message

import (
	"encoding/binary"
	"encoding/json"
	"errors"
)

const lengthBytes = 4

var errShort = errors.New("message is shorter than its header says")

// Encode gives the bytes of a message.
func Encode(header any, body ...[]byte) ([]byte, error) {
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	size := lengthBytes + len(text)
	for _, part := range body {
		size += len(part)
	}
	out := make([]byte, 0, size)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(out, text...)
	for _, part := range body {
		out = append(out, part...)
	}
	return out, nil
}

// Decode reads the header into what header points to and gives the body, which shares memory with the message.
func Decode(bytes []byte, header any) ([]byte, error) {
	if len(bytes) < lengthBytes {
		return nil, errShort
	}
	length := int(binary.LittleEndian.Uint32(bytes))
	if len(bytes)-lengthBytes < length {
		return nil, errShort
	}
	if err := json.Unmarshal(bytes[lengthBytes:lengthBytes+length], header); err != nil {
		return nil, err
	}
	return bytes[lengthBytes+length:], nil
}
