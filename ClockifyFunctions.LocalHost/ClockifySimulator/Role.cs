namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal enum Role
{
    Owner,
    Admin,
    Member,
}
