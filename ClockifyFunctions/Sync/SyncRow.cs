using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sync;

/// <summary>The key of a record and the hash of its content, which decide about the record without a call.</summary>
internal sealed record SyncRow(string Key, UInt128 KeyHash, UInt128 Hash);

/// <summary>Reads keys and hashes of records. Pure. Not thread-safe, because it reuses buffers.</summary>
internal sealed class SyncRowReader(LinkRules rules)
{
    public const int LongestKey = 500;

    private static readonly Comparison<(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)> ByName = static (left, right) => left.Name.Span.SequenceCompareTo(right.Name.Span);

    private readonly List<(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)> _members = [];
    private readonly XxHash128 _hash = new();

    /// <summary>Null, with the reason, for a record that has no key.</summary>
    public SyncRow? Read(RawJson record, out string? problem)
    {
        using var parsed = JsonDocument.Parse(record.Utf8);
        problem = KeyOf(rules.Key, parsed.RootElement, out var key);
        return problem is null ? new SyncRow(key, Links.HashOf(key), rules.DedupeFor is null ? HashOf(record.Utf8) : 0) : null;
    }

    /// <returns>The reason why the record has no key; null if it has one.</returns>
    public static string? KeyOf(Template template, JsonElement record, out string key)
    {
        key = "";
        foreach (var part in template.Parts)
        {
            if (part.Macro is not Macro.Attribute { Path: var path }) key += part.Literal;
            else if (!path.TryFind(record, out var value)) return $"{path.JsonPath} is missing, and the record has no key without it.";
            else if (!Macro.TryScalar(value, out var text) || text.Length == 0) return $"{path.JsonPath} is {(text.Length == 0 && value.ValueKind == JsonValueKind.String ? "empty" : Kinds.Name(value.ValueKind))}, and the record has no key without it; it must be text, a number, true or false.";
            else key += text;
        }

        return key.Length <= LongestKey ? null : $"The key has {key.Length} characters; at most {LongestKey} are taken.";
    }

    /// <summary>
    /// A hash of the attributes in any order and of the config. Excluded attributes do not count. The values are not
    /// converted and names are not resolved, so an unchanged record costs nothing.
    /// </summary>
    private UInt128 HashOf(ReadOnlyMemory<byte> record)
    {
        _members.Clear();
        var reader = new Utf8JsonReader(record.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = record[((int)reader.TokenStartIndex + 1)..((int)reader.TokenStartIndex + 1 + reader.ValueSpan.Length)];
            var isExcluded = rules.Ignored.Count > 0 && rules.Ignored.Contains(reader.GetString()!);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isExcluded) _members.Add((name, record[start..(int)reader.BytesConsumed]));
        }

        _members.Sort(ByName);
        _hash.Reset();
        var config = rules.ConfigHash;
        _hash.Append(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref config, 1)));
        foreach (var (name, value) in _members)
        {
            // A name contains no unescaped quote, and a value ends where its JSON ends. So two records with the same bytes are equal.
            _hash.Append(name.Span);
            _hash.Append("\":"u8);
            _hash.Append(value.Span);
        }

        return _hash.GetCurrentHashAsUInt128();
    }
}
