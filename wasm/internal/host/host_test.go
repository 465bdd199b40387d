package host

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mooring.dev/render/internal/message"
)

func asking(t *testing.T, answers map[string]any, asked *[]string) *Host {
	t.Helper()
	return New(func(question []byte) ([]byte, error) {
		var q struct{ Ask, Path string }
		if _, err := message.Decode(question, &q); err != nil {
			return nil, err
		}
		*asked = append(*asked, q.Ask+" "+q.Path)
		return message.Encode(answers[q.Ask], []byte("content"))
	}, Limits{MaxFileBytes: 7, MaxTotalBytes: 10})
}

func TestWhatWasAnsweredIsNotAskedAgain(t *testing.T) {
	var asked []string
	h := asking(t, map[string]any{
		"stat": map[string]any{"type": "file", "path": "b"},
		"list": map[string]any{"missing": true},
		"read": map[string]any{"size": 7},
	}, &asked)
	for range 2 {
		kind, real, err := h.Stat("a")
		if kind != TypeFile || real != "b" || err != nil {
			t.Errorf("stat: %s %s %v", kind, real, err)
		}
		if _, ok, err := h.List("a"); ok || err != nil {
			t.Errorf("list: %v %v", ok, err)
		}
		content, ok, err := h.Read("a")
		if string(content) != "content" || !ok || err != nil {
			t.Errorf("read: %s %v %v", content, ok, err)
		}
	}
	if got := strings.Join(asked, ", "); got != "stat a, list a, read a" {
		t.Error(got)
	}
}

func TestTheFirstFailureStays(t *testing.T) {
	var asked []string
	h := asking(t, map[string]any{
		"read": map[string]any{"size": 7},
		"stat": map[string]any{"error": map[string]string{"code": "RENDER_X", "message": "no"}},
	}, &asked)
	if _, _, err := h.Read("a"); err != nil {
		t.Error(err)
	}
	_, _, err := h.Read("b")
	var failure *Error
	if !errors.As(err, &failure) || failure.Code != CodeTooLarge || !strings.HasPrefix(failure.Message, "b: ") {
		t.Error(err)
	}
	if _, _, err := h.Stat("c"); err.Error() != failure.Message || h.Failure() != failure {
		t.Error("another failure took its place")
	}
	if len(asked) != 2 {
		t.Error("it asks although the render has failed")
	}
}

func TestWhatIsOpenedTogetherIsNotAskedForAgain(t *testing.T) {
	questions := 0
	refusal := Errorf("RENDER_X", "no")
	h := New(func(question []byte) ([]byte, error) {
		questions++
		return message.Encode(map[string]any{"found": []any{
			map[string]any{"type": TypeFile, "path": "real", "size": 3},
			map[string]any{"type": TypeMissing, "path": "b"},
			map[string]any{"error": refusal},
			map[string]any{"type": TypeFile, "path": "d", "size": 2},
		}}, []byte("onetw"))
	}, Limits{MaxFileBytes: 7, MaxTotalBytes: 4})
	h.Open("a", "b", "c", "d", "a")
	h.Open("d", "c")
	for _, path := range []string{"a", "real"} {
		if kind, real, err := h.Stat(path); kind != TypeFile || real != "real" || err != nil {
			t.Errorf("stat %s: %s %s %v", path, kind, real, err)
		}
	}
	if kind, _, err := h.Stat("b"); kind != TypeMissing || err != nil {
		t.Errorf("stat b: %s %v", kind, err)
	}
	for range 2 {
		if content, ok, err := h.Read("real"); string(content) != "one" || !ok || err != nil {
			t.Errorf("read: %s %v %v", content, ok, err)
		}
	}
	if questions != 1 {
		t.Errorf("it asks %d times", questions)
	}
	// Nothing fails before it is asked for.
	if h.Failure() != nil {
		t.Error(h.Failure())
	}
	var failure *Error
	if _, _, err := h.Read("d"); !errors.As(err, &failure) || failure.Code != CodeTooLarge {
		t.Error(err)
	}
}

func TestARefusalOfOneOfManyFailsWhatAsksForIt(t *testing.T) {
	h := New(func(question []byte) ([]byte, error) {
		return message.Encode(map[string]any{"found": []any{map[string]any{"error": Errorf("RENDER_X", "no")}}})
	}, Limits{})
	h.Open("a")
	if _, _, err := h.Stat("a"); err == nil || h.Failure() == nil || h.Failure().Code != "RENDER_X" {
		t.Error(err)
	}
}

func TestManyPathsAreOpenedInSeveralQuestions(t *testing.T) {
	var sizes []int
	h := New(func(question []byte) ([]byte, error) {
		var q struct{ Paths []string }
		if _, err := message.Decode(question, &q); err != nil {
			return nil, err
		}
		sizes = append(sizes, len(q.Paths))
		found := []any{}
		for _, path := range q.Paths {
			found = append(found, map[string]any{"type": TypeMissing, "path": path})
		}
		return message.Encode(map[string]any{"found": found})
	}, Limits{})
	paths := []string{strings.Repeat("x", longestOpened+1)}
	for at := range mostOpened + 1 {
		paths = append(paths, strings.Repeat("a", at+1))
	}
	h.Open(paths...)
	if !slices.Equal(sizes, []int{1, mostOpened, 1}) {
		t.Error(sizes)
	}
}

func TestALongMessageKeepsItsBeginningAndItsEnd(t *testing.T) {
	got := Cut("begin " + strings.Repeat("é", 5000) + " end")
	if len(got) > maxMessageBytes || !strings.HasPrefix(got, "begin é") || !strings.HasSuffix(got, "é end") || strings.ToValidUTF8(got, "?") != got {
		t.Error(len(got), got[:20], got[len(got)-20:])
	}
}

func TestObjectsThatAMessageDumpsAreHidden(t *testing.T) {
	for text, want := range map[string]string{
		`bad: map[string]interface {}{"data":map[string]interface {}{"password":"}\"{secret"}}: cause`:     "bad: {…}: cause",
		`nodes unequal: -- {"apiVersion":"v1","data":{"a":"}"}} -- {"apiVersion":"v1"}`:                    "nodes unequal: -- {…} -- {…}",
		"found multiple possible referrals: a, b\n\n**** Too many possible referral targets\nkind: Secret": "found multiple possible referrals: a, b\n",
		"merging from generator &{0xdb3f2440410 <nil>}: no":                                                "merging from generator &{0x… <nil>}: no",
	} {
		if got := Cut(text); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
