namespace ClockifyFunctions.Templates;

/// <summary>One problem in a config or a record.</summary>
/// <param name="Path">JSON path of the value, for example <c>$.inputs.workspaceId</c>.</param>
/// <param name="Message">What is wrong with the value, and the remedy.</param>
public sealed record Problem(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
