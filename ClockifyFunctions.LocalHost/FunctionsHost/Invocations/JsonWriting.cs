using System.Globalization;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>
/// JSON text as the host's Newtonsoft.Json writes it. System.Text.Json escapes other characters than that, and the
/// requests have to match the recordings byte for byte.
/// </summary>
internal static class JsonWriting
{
    /// <summary>Of a time without an offset of its own, and of one with.</summary>
    public const string PreciseTime = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", PreciseTimeWithOffset = "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz";

    public static string Quote(string text)
    {
        using var quoted = new JsonBuffer();
        return quoted.Quote(text).ToString();
    }

    public static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        "{" + string.Join(',', members.Select(m => Quote(m.Key) + ":" + m.Value)) + "}";

    /// <summary>A value of an application property.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        string s => Quote(s),
        char c => Quote(c.ToString()),
        DateTime d => Quote(Precise(d)),
        DateTimeOffset d => Quote(Precise(d)),
        byte[] bytes => Quote(Convert.ToBase64String(bytes)),
        float or double or decimal => WithPoint(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        sbyte or byte or short or ushort or int or uint or long or ulong =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        IFormattable f => Quote(f.ToString(null, CultureInfo.InvariantCulture)),
        _ => Quote(value.ToString() ?? ""),
    };

    public static string Precise(DateTime time) => time.ToString(PreciseTime, CultureInfo.InvariantCulture);

    public static string Precise(DateTimeOffset time) => time.ToString(PreciseTimeWithOffset, CultureInfo.InvariantCulture);

    private static string WithPoint(string number) =>
        number.AsSpan().IndexOfAny(".EN∞") >= 0 ? number : number + ".0";
}
