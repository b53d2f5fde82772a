using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a destination config from a request or message. Every config that it accepts can be written again.</summary>
internal static class ConfigText
{
    /// <param name="problem">The predicate of an error message whose subject is the name of the text, if the text is not a config.</param>
    public static bool TryRead(ReadOnlyMemory<byte> text, [NotNullWhen(true)] out DestinationConfig? config, out string problem)
    {
        (config, problem) = (null, "");
        try
        {
            using var json = JsonDocument.Parse(text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
            if (BrokenText.IsIn(json.RootElement)) problem = "contains an unpaired surrogate (\\ud800 to \\udfff) or bytes that are not UTF-8, which is not Unicode text.";
            else if (json.RootElement.Deserialize(DestinationJson.Web.DestinationConfig) is { } read) config = read;
            else problem = "is null; give a destination config.";
        }
        catch (JsonException malformed)
        {
            problem = $"is not a destination config: {malformed.Message}";
        }

        return config is not null;
    }
}
