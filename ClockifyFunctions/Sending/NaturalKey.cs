using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Recognizes what a call created. Clockify has no idempotency key, so a created object is found by the fields that its endpoint's
/// read-back rule names. Pure.
/// </summary>
internal static class NaturalKey
{
    /// <summary>
    /// A hash, the same in every process, of the natural key of what is to be created. Two creates with the same hash cannot be told apart when
    /// one is looked for. Null where nothing is looked for.
    /// </summary>
    public static ulong? HashOf(Destination destination, RenderedRequest request)
    {
        if (destination is not { Endpoint.ReadBack: { } rule, OnUnknown: OnUnknown.Verify }) return null;
        // Of two members with one name the last counts, as it does when the object is looked for.
        using var sent = JsonDocument.Parse(request.Body);
        var key = new StringBuilder(request.Url.OriginalString);
        foreach (var same in rule.Same) key.Append('\n').Append(Canonical(sent.RootElement, same.Sent, same.As));
        return XxHash64.HashToUInt64(MemoryMarshal.AsBytes(key.ToString().AsSpan()));
    }

    /// <summary>Whether an object of a list may be what the body created.</summary>
    /// <param name="since">A time that the body leaves out is the server's at the call: after this,</param>
    /// <param name="until">and before this.</param>
    public static bool IsSame(ReadBackRule rule, JsonElement sent, JsonElement found, DateTimeOffset since, DateTimeOffset until)
    {
        foreach (var same in rule.Same)
        {
            var wanted = Canonical(sent, same.Sent, same.As);
            if (wanted.Length == 0 && same.As == SameKind.Moment)
            {
                if (!(Moment(Text(found, same.Found)) is { } at && at > since && at < until)) return false;
            }
            else if (Canonical(found, same.Found, same.As) != wanted)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text at a dotted path; empty where there is none.</summary>
    public static string Text(JsonElement of, string path) =>
        new AttributePath(path).TryFind(of, out var value) && Macro.TryScalar(value, out var text) ? text : "";

    /// <summary>Whether two values mean the same.</summary>
    public static bool AreSame(SameKind kind, string left, string right) => Canonical(left, kind) == Canonical(right, kind);

    private static string Canonical(JsonElement of, string path, SameKind kind) => Canonical(Text(of, path), kind);

    private static string Canonical(string text, SameKind kind) => kind switch
    {
        SameKind.Moment => Moment(text)?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "",
        SameKind.Email => text.ToUpperInvariant(),
        _ => text,
    };

    /// <summary>Clockify stores whole seconds in UTC.</summary>
    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) : null;
}
