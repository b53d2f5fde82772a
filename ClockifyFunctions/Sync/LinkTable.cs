using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClockifyFunctions.Sync;

/// <summary>
/// Links by the hash of their key. The entries are in blocks, and an index with open addressing contains their numbers. A key takes at most 80 bytes; in a
/// dictionary it would take up to 190. Not thread-safe.
/// </summary>
internal sealed class LinkTable
{
    private const int BlockSize = 4096;

    private readonly List<Entry[]> _blocks = [];

    /// <summary>The number of the entry plus one; 0 if free. At most half of the places are used.</summary>
    private int[] _index = new int[16];

    /// <summary>Keys that have or had a link.</summary>
    public int Count { get; private set; }

    /// <summary>The number of links to active objects.</summary>
    public int Active { get; private set; }

    public Link Find(UInt128 key)
    {
        var number = _index[Slot(key)];
        return number == 0 ? default : At(number - 1).ToLink();
    }

    public void Set(UInt128 key, Link link)
    {
        var slot = Slot(key);
        if (_index[slot] == 0)
        {
            if (link.State == LinkState.None) return;
            if (Count == _blocks.Count * BlockSize) _blocks.Add(new Entry[BlockSize]);
            _index[slot] = ++Count;
            At(Count - 1).Key = key;
            if (Count * 2 > _index.Length) Grow();
            slot = Slot(key);
        }

        ref var entry = ref At(_index[slot] - 1);
        Active += (link.IsActive ? 1 : 0) - (entry.State == LinkState.Active ? 1 : 0);
        entry.Set(link);
    }

    /// <summary>Deletes all hashes, so that all records are sent again.</summary>
    public void ForgetHashes()
    {
        for (var number = 0; number < Count; number++) At(number).Hash = 0;
    }

    public IEnumerable<(UInt128 Key, Link Link)> All()
    {
        for (var number = 0; number < Count; number++)
        {
            var (key, link) = (At(number).Key, At(number).ToLink());
            if (link.State != LinkState.None) yield return (key, link);
        }
    }

    /// <summary>The key of an object; null if it has none.</summary>
    public UInt128? KeyOf(ObjectId id)
    {
        for (var number = 0; number < Count; number++)
        {
            ref var entry = ref At(number);
            if (entry.Id == id && entry.State is (LinkState.Active or LinkState.Archived)) return entry.Key;
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry At(int number) => ref _blocks[number / BlockSize][number % BlockSize];

    /// <summary>The place of a key in the index, or the free place for it.</summary>
    private int Slot(UInt128 key)
    {
        var mask = _index.Length - 1;
        var slot = (int)(uint)key & mask;
        while (_index[slot] is var number and not 0 && At(number - 1).Key != key) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        _index = new int[_index.Length * 2];
        for (var number = 0; number < Count; number++) _index[Slot(At(number).Key)] = number + 1;
    }

    /// <summary>64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public UInt128 Key, Hash;
        public ObjectId Id, Parent;

        /// <summary>Since 1970.</summary>
        private uint _minutes;

        public LinkState State;

        public void Set(Link link) => (State, Id, Parent, Hash, _minutes) = (link.State, link.Id, link.Parent, link.Hash, (uint)(link.At.ToUnixTimeSeconds() / 60));

        public readonly Link ToLink() => new(State, Id, Parent, Hash, DateTimeOffset.FromUnixTimeSeconds(_minutes * 60L));
    }
}
