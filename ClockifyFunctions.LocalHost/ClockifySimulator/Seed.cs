namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What a fresh simulator holds. The samples and the tests refer to these.</summary>
internal static class Seed
{
    public const string Key = "simulator-key-not-a-secret";
    public const string UserId = "5f0b1c2d3e4f5a6b7c8d9e01";
    public const string WorkspaceId = "64a687e29ae1f428e7ebe303";

    public static readonly string[] ProjectIds = ["65b2d73e06de527a7ed67401", "65b2d73e06de527a7ed67402", "65b2d73e06de527a7ed67403"];
    public static readonly string[] TagIds = ["65c3e84f17ef638b8fe78501", "65c3e84f17ef638b8fe78502", "65c3e84f17ef638b8fe78503", "65c3e84f17ef638b8fe78504"];
}
