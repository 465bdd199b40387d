package message

import "testing"

func TestAMessageIsReadAsItWasWritten(t *testing.T) {
	text, err := Encode(map[string]string{"ask": "read"}, []byte("a\x00"), []byte("b"))
	if err != nil {
		t.Fatal(err)
	}
	var head map[string]string
	body, err := Decode(text, &head)
	if err != nil || head["ask"] != "read" || string(body) != "a\x00b" {
		t.Error(head, body, err)
	}
}

func TestAMessageThatIsCutShortIsAnError(t *testing.T) {
	var head map[string]string
	for _, text := range []string{"", "\x05", "\x05\x00\x00\x00{}", "\xff\xff\xff\xff{}"} {
		if _, err := Decode([]byte(text), &head); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
