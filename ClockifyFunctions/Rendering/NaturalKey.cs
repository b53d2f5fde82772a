using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>What tells one created object from another: the user, start and description of a time entry; otherwise the name, which is unique where the object belongs.</summary>
internal static class NaturalKey
{
    /// <summary>The same in every process. Null if the destination's creates are not verified.</summary>
    public static ulong? HashOf(Destination destination, RenderedRequest request)
    {
        if (destination is not { CanReadBack: true, OnUnknown: OnUnknown.Verify }) return null;
        using var sent = JsonDocument.Parse(request.Body);
        return Hash(IsTimeEntry(destination)
            ? string.Create(CultureInfo.InvariantCulture, $"{request.Url.OriginalString}\n{Start(Text(sent.RootElement, "start"))?.ToUnixTimeSeconds()}\n{Text(sent.RootElement, "description")}")
            : $"{request.Url.OriginalString}\n{Text(sent.RootElement, "clientId")}\n{Text(sent.RootElement, "name")}");
    }

    public static ulong HashOf(Uri url) => Hash(url.AbsoluteUri);

    public static bool IsTimeEntry(Destination destination) => destination.Endpoint?.Name == "createTimeEntry";

    /// <summary>Empty if there is no such text. Of two members with one name the last counts, as in Clockify.</summary>
    public static string Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Clockify stores whole seconds in UTC.</summary>
    public static DateTimeOffset? Start(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) : null;

    private static ulong Hash(string text) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
}
