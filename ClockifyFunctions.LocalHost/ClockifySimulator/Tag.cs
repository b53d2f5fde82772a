namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class Tag(string id) : INamed
{
    public string Id { get; } = id;

    public string Name { get; set; } = "";

    public bool Archived { get; set; }
}
