package luascript

import (
	lua "github.com/yuin/gopher-lua"
)

type library struct {
	name string
	open lua.LGFunction
}

// usual are the libraries that every script has.
var usual = []library{
	{lua.LoadLibName, lua.OpenPackage},
	{lua.BaseLibName, lua.OpenBase},
	{lua.TabLibName, lua.OpenTable},
	{lua.OsLibName, lua.OpenOs},
}

// further are those that useOpenLibs adds: all but io, which opens files and processes.
var further = []library{
	{lua.StringLibName, lua.OpenString},
	{lua.MathLibName, lua.OpenMath},
	{lua.DebugLibName, lua.OpenDebug},
	{lua.ChannelLibName, lua.OpenChannel},
	{lua.CoroutineLibName, lua.OpenCoroutine},
}

// harmless are the functions of os that reach neither files nor processes nor the environment.
var harmless = []string{"time", "date", "difftime"}

const smallRegistry = 512

// newState makes a state of its own for one run: what a run sets is gone with it.
func newState(opensLibraries bool) *lua.LState {
	state := lua.NewState(lua.Options{
		SkipOpenLibs: true,
		// The usual bounds of the stacks, which few scripts come near to: to make them at full size takes half of a run's time.
		RegistrySize:        smallRegistry,
		RegistryGrowStep:    smallRegistry,
		RegistryMaxSize:     lua.RegistrySize,
		MinimizeStackMemory: true,
	})
	libraries := usual
	if opensLibraries {
		libraries = append(append([]library{}, usual...), further...)
	}
	for _, one := range libraries {
		state.Push(state.NewFunction(one.open))
		state.Push(lua.LString(one.name))
		state.Call(1, 0)
	}
	closeBase(state)
	closeOs(state)
	closePackage(state)
	return state
}

// closeBase takes away what reads files and what writes to this process's output.
func closeBase(state *lua.LState) {
	for _, name := range []string{"dofile", "loadfile", "_printregs"} {
		state.SetGlobal(name, lua.LNil)
	}
	state.SetGlobal("print", state.NewFunction(func(*lua.LState) int { return 0 }))
	state.SetGlobal("collectgarbage", state.NewFunction(zero))
}

func closeOs(state *lua.LState) {
	all, ok := state.GetGlobal(lua.OsLibName).(*lua.LTable)
	if !ok {
		return
	}
	kept := map[string]lua.LValue{}
	for _, name := range harmless {
		kept[name] = all.RawGetString(name)
	}
	names := []lua.LValue{}
	all.ForEach(func(name, _ lua.LValue) { names = append(names, name) })
	for _, name := range names {
		all.RawSet(name, lua.LNil)
	}
	for _, name := range harmless {
		all.RawSetString(name, kept[name])
	}
	// Time stands still while a script runs.
	all.RawSetString("clock", state.NewFunction(zero))
}

// closePackage leaves require() the libraries that are open already: modules are files.
func closePackage(state *lua.LState) {
	all, ok := state.GetGlobal(lua.LoadLibName).(*lua.LTable)
	if !ok {
		return
	}
	if loaders, ok := all.RawGetString("loaders").(*lua.LTable); ok {
		loaders.RawSetInt(2, lua.LNil)
	}
	all.RawSetString("path", lua.LString(""))
}

func zero(state *lua.LState) int {
	state.Push(lua.LNumber(0))
	return 1
}
