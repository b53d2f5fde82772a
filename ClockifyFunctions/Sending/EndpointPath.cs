using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>Other addresses for a rendered call: lists and objects that its endpoint names with the same placeholders.</summary>
internal static class EndpointPath
{
    /// <summary>The placeholder that stands for the owner of the key.</summary>
    public const string Me = "{me}";

    /// <param name="path">With placeholders of the endpoint's path, <see cref="Me"/>, or fields of <paramref name="sent"/>.</param>
    /// <param name="me">User id of the owner of the key, where the path asks for it.</param>
    public static string Resolve(Destination destination, RenderedRequest request, string path, JsonElement sent = default, string? me = null)
    {
        var (values, from) = (request.Url.AbsolutePath.Split('/'), destination.Endpoint!.Segments);
        var url = new StringBuilder(destination.Credential.BaseUrl.AbsoluteUri.TrimEnd('/')).Append('/');
        for (var at = 0; at < path.Length;)
        {
            var end = path[at] == '{' ? path.IndexOf('}', at) + 1 : path.IndexOf('{', at) is var open and >= 0 ? open : path.Length;
            var part = path[at..end];
            at = end;
            if (part[0] != '{') url.Append(part);
            else if (part == Me) url.Append(Uri.EscapeDataString(me!));
            // What the path of the call holds is encoded already.
            else if (Array.IndexOf(from, part) is var index and >= 0) url.Append(values[values.Length - from.Length + index]);
            else url.Append(Uri.EscapeDataString(NaturalKey.Text(sent, part[1..^1])));
        }

        return url.ToString();
    }

    /// <summary>What stands in the path of a call for a placeholder of its endpoint; <c>{id}</c> is the object that the call is about.</summary>
    public static string ValueOf(Destination destination, RenderedRequest request, string placeholder) =>
        Uri.UnescapeDataString(Resolve(destination, request, placeholder).AsSpan()[(destination.Credential.BaseUrl.AbsoluteUri.TrimEnd('/').Length + 1)..].ToString());
}
