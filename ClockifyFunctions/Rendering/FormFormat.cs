namespace ClockifyFunctions.Rendering;

/// <summary><c>application/x-www-form-urlencoded</c>. Ours; Nexla has no such format.</summary>
internal static partial class FormFormat
{
    public static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
