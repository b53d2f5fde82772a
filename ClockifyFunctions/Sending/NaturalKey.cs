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
/// Recognizes the object that a call created. Clockify has no idempotency key, so a created object is found by the fields that the
/// read-back rule of its endpoint names. Pure.
/// </summary>
internal static class NaturalKey
{
    /// <summary>
    /// Returns a hash of the natural key of the object to create. The hash is the same in every process. A search cannot distinguish two creates
    /// with the same hash. Returns null if the destination does not search for created objects.
    /// </summary>
    public static ulong? HashOf(Destination destination, RenderedRequest request)
    {
        if (destination is not { Endpoint.ReadBack: { } rule, OnUnknown: OnUnknown.Verify }) return null;
        // JsonDocument uses the last of two members with the same name. IsSame does so too.
        using var sent = JsonDocument.Parse(request.Body);
        var key = new StringBuilder(request.Url.OriginalString);
        foreach (var same in rule.Same) key.Append('\n').Append(Canonical(sent.RootElement, same.Sent, same.As));
        return XxHash64.HashToUInt64(MemoryMarshal.AsBytes(key.ToString().AsSpan()));
    }

    /// <summary>Returns whether an object of a list may be the one that the body created.</summary>
    /// <param name="since">If the body omits a time, the server sets the time of the call. The found time must then be later than this,</param>
    /// <param name="until">and earlier than this.</param>
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

    /// <summary>Returns the text at a dotted path, or an empty text if the path leads to no scalar.</summary>
    public static string Text(JsonElement of, string path) =>
        new AttributePath(path).TryFind(of, out var value) && Macro.TryScalar(value, out var text) ? text : "";

    /// <summary>Returns whether two values are equal for Clockify: times to the second, e-mail addresses without regard to case.</summary>
    public static bool AreSame(SameKind kind, string left, string right) => Canonical(left, kind) == Canonical(right, kind);

    private static string Canonical(JsonElement of, string path, SameKind kind) => Canonical(Text(of, path), kind);

    private static string Canonical(string text, SameKind kind) => kind switch
    {
        SameKind.Moment => Moment(text)?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "",
        SameKind.Email => text.ToUpperInvariant(),
        _ => text,
    };

    /// <summary>Parses a time and drops fractions of a second, because Clockify stores whole seconds in UTC.</summary>
    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) : null;
}
